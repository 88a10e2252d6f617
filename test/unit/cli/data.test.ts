import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FetchMessage } from '../../../src/data/fetch/fetchMessages';
import { fashionMnist } from '../../support/fashionMnist';
import { startFileServer } from '../../support/fileServer';
import { runCli, type CliResult } from '../../support/runCli';

describe('command line: efcp data', () => {
  let home: string;
  beforeEach(() => { home = mkdtempSync(path.join(tmpdir(), 'efcp-data-')); });
  afterEach(() => { rmSync(home, { recursive: true }); });
  const cli = (args: readonly string[], onLine?: Parameters<typeof runCli>[2]): Promise<CliResult> => runCli(['data', ...args], home, onLine, { EFCP_DATA_HOME: home });

  const wrong: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [[], /Say what to do with data sets: fetch, list, verify or remove/],
    [['fly'], /"fly" is not something to do/],
    [['fetch'], /Name one data set: efcp data fetch NAME, where NAME is mnist, fashion-mnist, cifar-10/],
    [['verify', 'imagenet'], /"imagenet" is not a data set that can be fetched.*the digits and the messages are built in/],
    [['fetch', 'mnist', '--mirror', 'ftp://x'], /--mirror is "ftp:\/\/x", but must begin with http/],
  ];
  for (const [args, message] of wrong) {
    it(`refuses efcp data ${args.join(' ')}`, async () => {
      const { code, stderr } = await cli(args);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }

  it('lists what there is with sizes and licences, here or not', async () => {
    mkdirSync(path.join(home, 'mnist'));
    writeFileSync(path.join(home, 'mnist', 'train-images-idx3-ubyte.gz.part'), new Uint8Array(2048));
    const { stdout } = await cli(['list']);
    assert.match(stdout, /mnist +2\.00 KiB are here; efcp data fetch mnist goes on .*ShareAlike/);
    assert.match(stdout, /cifar-10 +efcp data fetch cifar-10 downloads 162 MiB .*No licence is stated/);
    const { sets } = JSON.parse((await cli(['list', '--json'])).stdout) as { sets: { name: string; state: string }[] };
    assert.deepEqual(sets.filter(({ name }) => ['mnist', 'cifar-10', 'mnli'].includes(name)).map(({ name, state }) => [name, state]), [['mnist', 'partly'], ['cifar-10', 'absent'], ['mnli', 'absent']]);
    assert.match(stdout, /mnli +efcp data fetch mnli downloads 298 MiB .*Open American National Corpus/);
    assert.match(stdout, /mrpc +to be brought, into .*mrpc .*take it from Microsoft/);
  });

  it('says of what is not there how to get it', async () => {
    const verified = await cli(['verify', 'cifar-10']);
    assert.deepEqual([verified.code, /There is no cifar-10.*bring cifar-10-binary\.tar\.gz \(162 MiB\)/.test(verified.stderr)], [1, true]);
    const removed = await cli(['remove', 'mnist']);
    assert.deepEqual([removed.code, /There is no mnist/.test(removed.stderr)], [1, true]);
  });

  it('says of what may not be fetched what to bring', async () => {
    for (const verb of ['fetch', 'verify']) {
      const { code, stderr } = await cli([verb, 'mrpc']);
      assert.equal(code, 1);
      assert.match(stderr, /Microsoft Research Data License.*Bring train\.tsv and dev\.tsv, or msr_paraphrase_train\.txt/);
    }
  });

  it('checks every file of real data, and removes it', async function () {
    this.timeout(180_000);
    const found = await fashionMnist();
    if ('missing' in found) {
      console.log(`    not run: ${found.missing}`);
      this.skip();
    }
    mkdirSync(path.join(home, 'fashion-mnist'));
    const names = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'].map(name => `${name}.gz`);
    for (const name of names) symlinkSync(path.join(found.folder, name), path.join(home, 'fashion-mnist', name));
    const whole = await cli(['verify', 'fashion-mnist', '--json']);
    assert.deepEqual([whole.code, (JSON.parse(whole.stdout) as { whole: boolean }).whole], [0, true]);
    assert.match((await cli(['fetch', 'fashion-mnist'])).stdout, /Already there, and whole: fashion-mnist, 52\.\d MiB of data/);
    rmSync(path.join(home, 'fashion-mnist', names[3]!));
    writeFileSync(path.join(home, 'fashion-mnist', names[3]!), 'spoilt');
    const broken = await cli(['verify', 'fashion-mnist']);
    assert.equal(broken.code, 1);
    assert.match(broken.stdout, /t10k-images-idx3-ubyte\.gz +whole\n.*t10k-labels-idx1-ubyte\.gz +holds 6 bytes, but must hold 10008/);
    assert.equal((await cli(['remove', 'fashion-mnist'])).code, 0);
    assert.equal((await cli(['verify', 'fashion-mnist', '--json'])).code, found.folder.startsWith('/usr/') ? 0 : 1);
  });

  it('tells a download as events, keeps what came when Ctrl-C cancels it, and goes on', async () => {
    const server = await startFileServer();
    try {
      server.files.set('train-images-idx3-ubyte.gz', { body: new Uint8Array(50_000), mark: '"a"', stallsAfter: 20_000 });
      const messages: FetchMessage[] = [];
      const stopped = await cli(['fetch', 'mnist', '--mirror', server.address, '--json'], (line, signal) => {
        messages.push(JSON.parse(line) as FetchMessage);
        if (messages.at(-1)?.type === 'progress') signal('SIGINT');
      });
      assert.equal(stopped.code, 130, stopped.stderr);
      assert.deepEqual([messages[0]?.type, messages[1]?.type, messages.at(-1)?.type], ['started', 'file', 'cancelled']);
      server.requests.length = 0;
      await cli(['fetch', 'mnist', '--mirror', server.address, '--json'], (_, signal) => { if (server.requests.length > 0) signal('SIGINT'); });
      assert.match(String(server.requests[0]?.headers.range), /^bytes=\d+-$/);
      assert.equal(server.requests[0]?.headers['if-range'], '"a"');
    } finally {
      await server.close();
    }
  });
});
