import assert from 'node:assert/strict';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { heapIsFull } from '../../../../src/backends/wasm/watchHeap';
import { defaultsFor, type Settings } from '../../../../src/settings/knobs';
import type { Assembly } from '../../../../src/trainer/assemble';
import { outOfMemory } from '../../../../src/trainer/alarms/outOfMemory';
import { noBytes } from '../../../../src/protocol/samples';
import { alarmedRun } from '../../../support/alarmedRun';
import { assets } from '../../../support/assets';
import { ofType } from '../../../support/collectRun';
import { newestCheckpoint, trainIn } from '../../../support/lastingRun';
import { scratchFolder } from '../../host/scratch';

const base: Settings = { ...defaultsFor('sgd'), backend: 'wasm', batchSize: 1024, validationFraction: 0.5, epochs: 1, momentum: 0.9, learningRate: 0.05, checkpointEvery: 0 };
const full = () => heapIsFull({ HEAPU8: new Uint8Array(8) }, 'a tensor of 4096 more');

/** A layer whose forward or backward pass, or the update, finds no memory while that is armed. */
function starve(run: Assembly, where: 'forward' | 'backward' | 'update', state: { isArmed: boolean }): void {
  const fail = () => { if (state.isArmed) throw full(); };
  const node = run.model.nodes[1]!;
  const { operation } = node;
  if (where === 'update') {
    const update = run.placement.update.bind(run.placement);
    Object.assign(run.placement, { update: (...given: Parameters<typeof update>) => { fail(); return update(...given); } });
  } else Object.assign(node, { operation: { ...operation, [where]: (...given: unknown[]) => { fail(); return (operation[where] as (...all: unknown[]) => unknown)(...given); } } });
}

describe('alarms: out of memory', () => {
  const folder = scratchFolder();
  before(() => loadBackend('wasm', { assets }));

  for (const where of ['forward', 'backward'] as const) {
    it(`in the ${where} pass leaves the step before; with the fix the same step is taken`, async () => {
      const state = { isArmed: false };
      const events = await alarmedRun({
        directory: folder(), settings: base, isAnswered: true,
        prepare: run => { starve(run, where, state); },
        observe: (event, mailbox) => {
          if (event.type === 'sample' && event.step === 3) state.isArmed = true;
          if (event.type !== 'paused') return;
          state.isArmed = false;
          mailbox.post({ type: 'change', revision: 1, settings: { checkpointEvery: 0, learningRate: 0.05 } });
          mailbox.post({ type: 'resume' });
        },
      });
      const [alarm] = ofType(events, 'alarm');
      assert.deepEqual([alarm?.kind, alarm?.step, alarm?.action, alarm?.checkpoint], ['outOfMemory', 3, 'paused', 'step-00000003.safetensors']);
      assert.match(alarm!.message, /ran out of memory.*At the highest instant .* MB were live, most of it .*state is kept in step-00000003/);
      assert.deepEqual([alarm!.fix?.way, alarm!.fix?.settings], ['change', { microbatch: 512 }]);
      const whole = await trainIn(`${folder()}-whole`, base);
      assert.deepEqual(ofType(events, 'sample').map(({ step, loss }) => [step, loss]), ofType(whole, 'sample').map(({ step, loss }) => [step, loss]));
      assert.deepEqual((await newestCheckpoint(folder())).parameters, (await newestCheckpoint(`${folder()}-whole`)).parameters);
    });
  }

  it('in the update trusts the last checkpoint only, and stops whatever the settings say', async () => {
    const state = { isArmed: false };
    const events = await alarmedRun({
      directory: folder(), settings: { ...base, checkpointEvery: 0.4 }, isAnswered: true,
      prepare: run => { starve(run, 'update', state); },
      observe: event => { if (event.type === 'sample' && event.step === 3) state.isArmed = true; },
    });
    const [alarm] = ofType(events, 'alarm');
    assert.deepEqual([alarm?.action, alarm?.checkpoint, alarm?.fix?.way], ['stopped', 'step-00000002.safetensors', 'restart']);
    assert.equal(ofType(events, 'finished')[0]?.reason, 'failed');
  });

  it('is told from other errors, by whatever words', () => {
    const told = (error: unknown, isIntact = true) => outOfMemory(error, 'tensorflow', isIntact, { peakBytes: 5, peakPhase: 'forward', bytesAtPeak: { ...noBytes(), activations: 5 } }, { settings: base, slice: 1024 });
    for (const error of [new RangeError('Array buffer allocation failed'), new RangeError('Invalid typed array length: 99999999999'), new Error('OOM when allocating tensor with shape[9,9]'), full()]) assert.equal(told(error)?.kind, 'outOfMemory', error.message);
    for (const error of [new Error('Value 3 of the graph was asked for after its last use.'), new TypeError('x is not a function'), 'text']) assert.equal(told(error), undefined);
    assert.equal(told(full(), false)?.canGoOn, false);
  });
});
