import assert from 'node:assert/strict';
import { memory, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { batchOf } from '../../../../src/data/batches';
import { defaultsFor, type Settings } from '../../../../src/settings/knobs';
import { assemble, type Assembly } from '../../../../src/trainer/assemble';
import type { TrainingEvent } from '../../../../src/trainer/train';
import { alarmedRun } from '../../../support/alarmedRun';
import { assets } from '../../../support/assets';
import { ofType } from '../../../support/collectRun';
import { newestCheckpoint, resumeIn, trainIn } from '../../../support/lastingRun';
import { sabotage, type Sabotage } from '../../../support/sabotage';
import { scratchFolder } from '../../host/scratch';

type AlarmDraft = Extract<TrainingEvent, { type: 'alarm' }>;

/** 5 steps an epoch. */
const base: Settings = { ...defaultsFor('sgd'), backend: 'wasm', batchSize: 1024, validationFraction: 0.5, epochs: 2, learningRate: 0.05, momentum: 0.9, checkpointEvery: 0, seed: 4 };

const techniques: Readonly<Record<string, Partial<Settings>>> = {
  'plain': {},
  'on cpu': { backend: 'cpu', batchSize: 64 },
  'with the state on the device': { placement: 'device' },
  'in microbatches': { microbatch: 400 },
  'recomputed': { recompute: 'every', recomputeEvery: 2 },
  'activations in bfloat16': { activationPrecision: 'bfloat16' },
  'recomputed in microbatches of bfloat16': { recompute: 'block', microbatch: 300, activationPrecision: 'bfloat16' },
  'weights in float16, sparse': { parameterPrecision: 'float16', lossScaling: 'off', weightDensity: 0.5 },
};

/** Makes a number of this example of every batch NaN. */
function spoilExample(run: Assembly, example: number): void {
  const epoch = run.batches.epoch.bind(run.batches);
  Object.assign(run.batches, { epoch: function* (...which: Parameters<typeof epoch>) {
    for (const batch of epoch(...which)) {
      yield { ...batch, make: (from: number, to: number) => {
        const made = batch.make(from, to);
        if (example < from || example >= to) return made;
        const [input] = made.inputs as [Tensor];
        const values = input.dataSync<'float32'>().slice();
        values[(example - from) * (input.size / (to - from))] = Number.NaN;
        input.dispose();
        return { ...made, inputs: [tensor(values, input.shape)] };
      } };
    }
  } });
}

describe('alarms: numbers that are not finite', () => {
  const folder = scratchFolder();
  let tensorsBefore: number;
  before(() => loadBackend('wasm', { assets }));
  beforeEach(() => { tensorsBefore = memory().numTensors; });

  for (const [what, variant] of Object.entries(techniques)) {
    for (const [where, factor] of [['forward', Number.NaN], ['backward', Infinity]] as const) {
      it(`names the layer and keeps the state of the step before, ${what}, ${where}`, async () => {
        let broken: Sabotage | undefined;
        const settings = { ...base, epochs: 1, ...variant };
        const events = await alarmedRun({
          directory: folder(), settings,
          prepare: run => {
            broken = sabotage(run, 'dense2', where, factor);
            // The cpu backend is slow, and what is held out is not looked at here.
            if (settings.backend === 'cpu') Object.assign(run.split, { validation: run.split.validation.subarray(0, 64) });
          },
          observe: event => { if (event.type === 'sample' && event.step === 3) broken!.isArmed = true; },
        });
        const [alarm, ...more] = ofType(events, 'alarm');
        assert.equal(more.length, 0);
        assert.ok(alarm !== undefined);
        assert.deepEqual([alarm.kind, alarm.step, alarm.layer, alarm.where, alarm.action], ['nonFinite', 3, 'dense2', where === 'forward' ? 'output' : 'gradient', 'stopped']);
        assert.match(alarm.message, /dense2.*(Lower the learning rate|bfloat16)/);
        const [finished] = ofType(events, 'finished');
        assert.deepEqual([finished?.reason, finished?.steps, finished?.message], ['failed', 3, alarm.message]);
        if (settings.placement === 'device' || settings.backend === 'cpu') return;
        assert.equal(alarm.checkpoint, 'step-00000003.safetensors');
        // What it goes on to is what a run has that never met the failure.
        const rest = await resumeIn(folder(), settings);
        const resumed = await newestCheckpoint(folder());
        const whole = await trainIn(`${folder()}-whole`, settings);
        assert.deepEqual(ofType(rest, 'sample').map(({ loss }) => loss), ofType(whole, 'sample').slice(3).map(({ loss }) => loss));
        const { state, parameters, buffers } = await newestCheckpoint(`${folder()}-whole`);
        assert.deepEqual([resumed.state.arrays, resumed.parameters, resumed.buffers], [state.arrays, parameters, buffers]);
      });
    }
  }
  afterEach(() => { assert.ok(memory().numTensors <= tensorsBefore + 1, `${memory().numTensors} tensors after ${tensorsBefore}`); });

  describe('in runs of several workers', () => {
    /** `spoil` makes the run go wrong from its fourth step on. */
    async function alarmOf(spoil: (run: Assembly) => void): Promise<AlarmDraft> {
      let run: Assembly | undefined;
      const events = await alarmedRun({
        directory: folder(), settings: { ...base, batchSize: 256, epochs: 1, workers: 2 },
        prepare: assembled => { run = assembled; },
        observe: event => { if (event.type === 'sample' && event.step === 3) spoil(run!); },
      });
      const [alarm, ...more] = ofType(events, 'alarm');
      assert.deepEqual([alarm?.kind, alarm?.step, alarm?.action, more.length], ['nonFinite', 3, 'stopped', 0]);
      assert.equal(ofType(events, 'finished')[0]?.steps, 3);
      return alarm!;
    }

    it('names the layer whose output is not finite in every worker', async () => {
      const { layer, where } = await alarmOf(({ model, backend, placement: { weights } }) => {
        const kernel = model.parameters.findIndex(({ name }) => name === 'dense2/kernel');
        weights.lend([kernel], ([lent]) => {
          backend.memory!.view(lent!).fill(1e38);
          backend.memory!.written(lent!);
        });
      });
      assert.deepEqual([layer, where], ['dense2', 'output']);
    });

    for (const [where, factor] of [['forward', Number.NaN], ['backward', Infinity]] as const) {
      it(`names the layer that fails in the first worker's slice alone, ${where}`, async () => {
        const alarm = await alarmOf(run => { sabotage(run, 'dense2', where, factor).isArmed = true; });
        assert.deepEqual([alarm.layer, alarm.where], ['dense2', where === 'forward' ? 'output' : 'gradient']);
      });
    }
  });

  it('blames float16 for an activation that it cannot hold, and proposes what can', async () => {
    for (const recompute of ['none', 'block'] as const) {
      let broken: Sabotage | undefined;
      const events = await alarmedRun({
        directory: folder(), settings: { ...base, activationPrecision: 'float16', recompute }, isAnswered: true,
        prepare: run => { broken = sabotage(run, 'dense1', 'forward', 1e7); },
        observe: (event, mailbox) => {
          if (event.type === 'sample' && event.step === 2) broken!.isArmed = true;
          if (event.type === 'sample' && event.step === 3) broken!.isArmed = false;
          if (event.type !== 'alarm') return;
          if (event.fix?.way === 'change') mailbox.post({ type: 'change', revision: 1, settings: event.fix.settings });
          mailbox.post({ type: 'resume' });
        },
      });
      const [alarm] = ofType(events, 'alarm');
      assert.deepEqual([alarm?.layer, alarm?.action, alarm?.fix?.settings, alarm?.fix?.way], ['dense1', 'paused', { activationPrecision: 'bfloat16' }, 'change']);
      assert.match(alarm!.message, /The output of the layer dense1 reaches .*float16/);
      assert.deepEqual(ofType(events, 'sample').slice(0, 3).map(({ step }) => step), [1, 2, 3], 'the same step again');
      assert.equal(ofType(events, 'alarm').filter(({ fix }) => fix?.settings['activationPrecision'] !== undefined).length, 1, 'bfloat16 holds it');
    }
  });

  it('says of bad data that it is the data', async () => {
    for (const workers of [1, 2]) {
      const events = await alarmedRun({ directory: folder(), settings: { ...base, epochs: 1, workers }, prepare: run => { spoilExample(run, 900); } });
      const [alarm] = ofType(events, 'alarm');
      assert.deepEqual([alarm?.step, alarm?.where, alarm?.layer, alarm?.fix], [0, 'data', undefined, undefined]);
      assert.match(alarm!.message, /The batch itself holds NaN or infinity, in its inputs/);
    }
  });

  it('skips such steps under note, and gives up after five in a row', async () => {
    let broken: Sabotage | undefined;
    const events = await alarmedRun({
      directory: folder(), settings: { ...base, epochs: 4, onAlarm: 'note' },
      prepare: run => { broken = sabotage(run, 'logits', 'forward', Number.NaN); },
      observe: event => {
        if (event.type === 'sample') broken!.isArmed = event.step === 2 || event.step === 6;
        if (event.type === 'alarm' && event.step === 3) broken!.isArmed = false;
      },
    });
    assert.deepEqual(ofType(events, 'sample').map(({ step }) => step), [1, 2, 5, 6], 'two are skipped');
    assert.deepEqual(ofType(events, 'alarm').map(({ step, action }) => [step, action]), [[2, 'noted'], [3, 'noted'], ...[6, 7, 8, 9].map(step => [step, 'noted']), [10, 'stopped']]);
    assert.equal(ofType(events, 'finished')[0]?.reason, 'failed');
  });

  it('waits where somebody can answer: resumed as it is, the batch is left out; by other settings it is tried again', async () => {
    for (const changes of [false, true]) {
      let broken: Sabotage | undefined;
      const events = await alarmedRun({
        directory: folder(), settings: base, isAnswered: true,
        prepare: run => { broken = sabotage(run, 'dense1', 'backward', Infinity); },
        observe: (event, mailbox) => {
          if (event.type === 'sample' && event.step === 4) broken!.isArmed = true;
          if (event.type !== 'paused') return;
          broken!.isArmed = false;
          if (changes) mailbox.post({ type: 'change', revision: 1, settings: { learningRate: 0.01 } });
          mailbox.post({ type: 'resume' });
        },
      });
      assert.deepEqual(events.filter(({ type }) => type === 'alarm' || type === 'paused' || type === 'applied' || type === 'resumed').map(({ type }) => type), ['alarm', 'paused', ...(changes ? ['applied'] : []), 'resumed']);
      assert.deepEqual(ofType(events, 'sample').map(({ step }) => step), changes ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [1, 2, 3, 4, 6, 7, 8, 9, 10]);
      assert.equal(ofType(events, 'finished')[0]?.reason, 'completed');
    }
  });

  it('takes moving statistics back with the step', async () => {
    const run = await assemble({ ...base, model: 'wrn-10-1', data: 'digits', batchSize: 4 }, { assets });
    const broken = sabotage(run, run.model.nodes.at(-1)!.name, 'forward', Number.NaN);
    const statistics = () => run.placement.weights.buffers.map(buffer => Float32Array.from(buffer.dataSync()));
    const batch = batchOf(run.dataset, run.split.train.subarray(0, 4));
    const before = statistics();
    assert.ok(before.length > 0);
    broken.isArmed = true;
    assert.ok(Number.isNaN((await run.stepper.run(batch, 1)).loss));
    assert.deepEqual(statistics(), before);
    assert.ok(run.stepper.isIntact);
    broken.isArmed = false;
    await run.stepper.run(batch, 1);
    assert.notDeepEqual(statistics(), before);
    run.stepper.dispose();
    run.ledger.stop();
  });
});
