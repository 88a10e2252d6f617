import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCli, type CliResult } from '../../support/runCli';

describe('command line: efcp runtime', () => {
  let home: string;
  beforeEach(() => { home = mkdtempSync(path.join(tmpdir(), 'efcp-home-')); });
  afterEach(() => rmSync(home, { recursive: true }));
  const cli = (...args: readonly string[]): Promise<CliResult> => runCli(['runtime', ...args], home, undefined, { EFCP_RUNTIME_HOME: home });

  const wrong: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [[], /Say what to do with runtimes: install, list, verify or remove/],
    [['fly'], /"fly" is not something to do/],
    [['install', '--cpu', '--gpu'], /cannot stand beside one another/],
    [['install', 'gpu'], /takes options only/],
    [['install', '--bogus'], /--bogus/],
    [['remove', 'a', '--all'], /Name one runtime, or write --all/],
    [['check'], /Say which folder/],
  ];
  for (const [args, message] of wrong) {
    it(`refuses efcp runtime ${args.join(' ')}`, async () => {
      const { code, stderr } = await cli(...args);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }

  it('says when there is none', async () => {
    assert.match((await cli('list')).stdout, /There is no runtime in .*efcp runtime install/);
    assert.deepEqual(JSON.parse((await cli('list', '--json')).stdout), { home, unreadable: [], unfinished: [], runtimes: [] });
    for (const verb of ['verify', 'remove']) {
      const { code, stderr } = await cli(verb);
      assert.equal(code, 1);
      assert.match(stderr, /There is no runtime/);
    }
  });

  it('lists what cannot be used and what is unfinished, and removes it', async () => {
    for (const name of ['broken', '.staging-half']) mkdirSync(path.join(home, name));
    writeFileSync(path.join(home, 'broken', 'runtime.json'), '{');
    const { stdout } = await cli('list');
    assert.match(stdout, /broken +cannot be used: its runtime\.json is damaged; remove it with efcp runtime remove broken/);
    assert.match(stdout, /\.staging-half +unfinished; efcp runtime install goes on with it/);
    assert.equal((await cli('verify')).code, 1);
    const { code, stderr } = await cli('remove');
    assert.equal(code, 2);
    assert.match(stderr, /Say which: broken, \.staging-half; or write --all/);
    assert.deepEqual(JSON.parse((await cli('remove', '--all', '--json')).stdout), { removed: ['broken', '.staging-half'] });
    assert.match((await cli('list')).stdout, /There is no runtime/);
  });

  it('has a help that names sizes and places', async () => {
    const { code, stdout } = await cli('--help');
    assert.equal(code, 0);
    for (const part of [/--cpu .*downloads 261 MiB/, /--gpu downloads 2\.34 GiB/, /EFCP_RUNTIME_HOME/, /--from DIR/]) assert.match(stdout, part);
    assert.ok(stdout.includes(home));
  });
});
