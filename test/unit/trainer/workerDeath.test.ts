import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { assemble, type Assembly } from '../../../src/trainer/assemble';
import { loadBackend } from '../../../src/backends/loadBackend';
import { Mailbox } from '../../../src/trainer/mailbox';
import { train, type TrainingEvent } from '../../../src/trainer/train';
import { assets } from '../../support/assets';
import { ofType, smallRun } from '../../support/collectRun';
import { watchThreads, type StartedThreads } from '../../support/workerThreads';

const remedy = 'Resume the run, or start it again; if that does not help, start one with fewer workers, or with workers 1, which needs no further thread.';

describe('trainer: a gradient worker that dies', () => {
  // Stays until all tests are over: the threads of the optimizer may still be loading their file when a test has ended.
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'efcp-workers-')); });
  const broken = () => folder;
  before(() => loadBackend('wasm', { assets }));

  /** The files of the build, but for the worker, which does as it always does until its third slice. */
  function withWorker(atThirdSlice: string | undefined): void {
    for (const folder of ['wasm', 'digits']) symlinkSync(path.join(assets, folder), path.join(broken(), folder), 'junction');
    copyFileSync(path.join(assets, 'kernelWorker.js'), path.join(broken(), 'kernelWorker.js'));
    if (atThirdSlice === undefined) return;
    const worker = `let slices = 0; require('node:worker_threads').parentPort.on('message', () => { if (++slices === 3) { ${atThirdSlice} } }); require(${JSON.stringify(path.join(assets, 'gradientWorker.js'))});`;
    writeFileSync(path.join(broken(), 'gradientWorker.js'), worker);
  }

  async function runOf(place: string, workers: number, observe: (event: TrainingEvent, threads: StartedThreads) => Promise<void> = () => Promise.resolve()): Promise<TrainingEvent[]> {
    const tensorsBefore = memory().numTensors;
    return watchThreads(place, async threads => {
      const settings = { ...smallRun, workers };
      const run: Assembly = await assemble(settings, { assets: place });
      const events: TrainingEvent[] = [];
      for await (const event of train(settings, run, new Mailbox())) {
        events.push(event);
        await observe(event, threads);
      }
      assert.equal(threads.started.length, workers - 1);
      assert.equal(threads.alive(), 0, 'no thread is left');
      assert.equal(memory().numTensors, tensorsBefore, 'no tensor is left');
      return events;
    });
  }

  function assertDied(events: readonly TrainingEvent[], steps: number, reason: RegExp): void {
    const [finished] = ofType(events, 'finished');
    assert.deepEqual([finished?.reason, finished?.steps], ['failed', steps]);
    assert.match(finished!.message!, reason);
    assert.ok(finished!.message!.endsWith(remedy), finished!.message);
  }

  for (const [what, code, reason] of [
    ['throws', "throw new Error('the heap is full.')", /^The gradient worker 2 of 2 has died: the heap is full\. /],
    ['gets no memory', 'new WebAssembly.Memory({ initial: 60_000 }).grow(10_000)', /^The gradient worker 2 of 2 has died: .*[Mm]emory/],
    ['exits', 'process.exit(7)', /^The gradient worker 2 of 2 has died: its thread ended with exit code 7\. /],
  ] as const) {
    it(`ends the run when it ${what}, with its name and what to do`, async () => {
      withWorker(code);
      assertDied(await runOf(broken(), 2), 2, reason);
    });
  }

  it('ends the run at its first step when it does not even load', async () => {
    withWorker(undefined);
    assertDied(await runOf(broken(), 2), 0, /^The gradient worker 2 of 2 has died: .*gradientWorker\.js/);
  });

  it('ends the run at the next step when it was ended between two, whichever it is', async () => {
    const events = await runOf(assets, 3, async (event, { started }) => {
      if (event.type === 'sample' && event.step === 2) await started[1]?.terminate();
    });
    assertDied(events, 2, /^The gradient worker 3 of 3 has died: its thread ended with exit code 1\. /);
  });
});
