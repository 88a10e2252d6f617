import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RunEvent } from '../../src/protocol/runEvents';
import { runBackendSuite, testsAlone } from '../support/backendSuite';
import { builtRuntime, type BuiltRuntime } from '../support/builtRuntime';
import { runCli } from '../support/runCli';

// In the process that runs the suite on one backend there is nothing to build.
if (!testsAlone()) describe('backends: the managed TensorFlow runtime', function () {
  this.timeout(1_200_000);
  let runtime: BuiltRuntime;
  let folder: string;
  const cli = (...args: readonly string[]) => runCli(args, folder, undefined, { EFCP_RUNTIME_HOME: runtime.home });

  before('is built for real', async function () {
    const built = await builtRuntime();
    if ('missing' in built) {
      console.log(`      skipped: ${built.missing}`);
      this.skip();
    }
    console.log(`      ${built.alreadyThere ? 'was there, and is whole: looked through' : 'built'} in ${built.seconds.toFixed(0)} s`);
    runtime = built;
    folder = mkdtempSync(path.join(tmpdir(), 'efcp-runtime-'));
  });
  after(() => { if (folder as unknown) rmSync(folder, { recursive: true, force: true }); });

  it('passes the backend suite', async () => {
    const { passed, failures } = await runBackendSuite('tensorflow', { EFCP_RUNTIME_HOME: runtime.home });
    console.log(`      ${passed} tests passed on tensorflow`);
    assert.deepEqual(failures, []);
    assert.ok(passed > 0);
  });

  it('trains a run from the command line', async () => {
    const { code, stdout, stderr } = await cli('train', 'digits-mlp', '--set', 'backend=tensorflow', '--epochs', '1', '--json');
    assert.equal(code, 0, stderr);
    const events = stdout.trim().split('\n').map(line => JSON.parse(line) as RunEvent);
    const started = events.find(event => event.type === 'started');
    const finished = events.find(event => event.type === 'finished');
    assert.equal(started?.backend.name, 'tensorflow');
    assert.match(started.backend.reason, /TensorFlow 2\.21\.0 of the managed runtime tensorflow-2\.21\.0-cpu computes on the processor/);
    assert.equal(finished?.reason, 'completed');
  });

  it('is listed, with versions and size, and found whole', async () => {
    const list = JSON.parse((await cli('runtime', 'list', '--json')).stdout) as { runtimes: { name: string; tensorflow: string; tfjs: string; bytes: number; natives?: unknown }[]; unreadable: unknown[] };
    const cpu = list.runtimes.find(({ name }) => name === 'tensorflow-2.21.0-cpu');
    assert.deepEqual([cpu?.tensorflow, cpu?.tfjs, cpu?.natives], ['2.21.0', '4.22.0', undefined]);
    assert.ok(cpu!.bytes > 900e6);
    const { code, stdout } = await cli('runtime', 'verify', 'tensorflow-2.21.0-cpu');
    assert.equal(code, 0);
    assert.match(stdout, /whole, and computes/);
    assert.match((await cli('doctor')).stdout, /TensorFlow runtimes\n.*tensorflow-2\.21\.0-cpu .*TensorFlow 2\.21\.0/);
  });
});
