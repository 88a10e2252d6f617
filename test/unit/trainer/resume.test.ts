import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import { listCheckpoints } from '../../../src/protocol/checkpointFiles';
import { defaultsFor, type LiveSettings, type Settings } from '../../../src/settings/knobs';
import type { Checkpoint } from '../../../src/trainer/checkpoint';
import type { TrainingEvent } from '../../../src/trainer/train';
import { assets } from '../../support/assets';
import { ofType } from '../../support/collectRun';
import { watchThreads } from '../../support/workerThreads';
import { newestCheckpoint, resumeIn, trainIn, type Observe } from '../../support/lastingRun';
import { scratchFolder } from '../host/scratch';

const variants: Readonly<Record<string, Partial<Settings>>> = {
  'sgd with momentum': { optimizer: 'sgd', momentum: 0.9, learningRate: 0.05 },
  'adamw': { optimizer: 'adamw' },
  'sparse-mfac': { optimizer: 'sparse-mfac' },
  'sparse-mfac, residual of 4 bits, bfloat16': { optimizer: 'sparse-mfac', errorFeedbackBits: 4, valuePrecision: 'bfloat16' },
  'sparse-mfac, three workers': { optimizer: 'sparse-mfac', workers: 3 },
  'low-rank-mfac': { optimizer: 'low-rank-mfac' },
  'ggt': { optimizer: 'ggt', learningRate: 0.5 },
  'micro-adam': { optimizer: 'micro-adam' },
  'soap': { optimizer: 'soap', matrixLimit: 128, preconditionInterval: 5 },
  'sgd in float16, sparse and rewired, loss scaled': { optimizer: 'sgd', momentum: 0.9, learningRate: 0.05, parameterPrecision: 'float16', momentPrecision: 'float16', weightDensity: 0.2, rewireEvery: 4, lossScale: 2 ** 24, lossScaleGrowthInterval: 7 },
  'adamw in bfloat16, float32 copy': { optimizer: 'adamw', parameterPrecision: 'bfloat16', momentPrecision: 'float16', masterCopy: true },
  'sgd, fused, weights of a few per cent': { optimizer: 'sgd', momentum: 0.5, learningRate: 0.05, fusedUpdate: true, weightDensity: 0.03, rewireEvery: 3 },
  'sparse-mfac on non-zeros': { optimizer: 'sparse-mfac', weightDensity: 0.3, rewireEvery: 6, momentum: 0.5 },
};

/** 18 steps an epoch. */
const stepsPerEpoch = 18;
function settingsOf(variant: Partial<Settings>): Settings {
  const { optimizer = 'sparse-mfac' } = variant;
  return { ...defaultsFor(optimizer), backend: 'wasm', batchSize: 512, epochs: 2, shift: 1, window: 8, checkpointEvery: 1, schedule: 'cosine', seed: 3, ...variant };
}

const stopAt = (step: number, asked?: Partial<LiveSettings>): Observe => (event, mailbox) => {
  if (asked !== undefined && event.type === 'sample' && event.step === 5) mailbox.post({ type: 'change', revision: 1, settings: { ...asked } });
  if (event.type === 'sample' && event.step === step) mailbox.post({ type: 'stop' });
};
const lossesOf = (...parts: readonly (readonly TrainingEvent[])[]) => parts.flatMap(events => ofType(events, 'sample').map(({ step, loss, accuracy }) => [step, loss, accuracy]));
const validationsOf = (...parts: readonly (readonly TrainingEvent[])[]) => parts.flatMap(events => ofType(events, 'validation'));

/** All that decides what comes next; the peak depends on which steps happened to be measured. */
function decisive({ state, parameters, progress: { changes, lossScale, tally: { lossSum, lossCount, validation } } }: Checkpoint) {
  return { state, parameters, changes, lossScale, lossSum, lossCount, validation };
}

describe('trainer: a run that was stopped and resumed', () => {
  const through = scratchFolder();
  const parted = scratchFolder();
  let tensorsBefore: number;
  before(() => loadBackend('wasm', { assets }));
  beforeEach(() => { tensorsBefore = memory().numTensors; });

  async function assertSame(settings: Settings, whole: readonly TrainingEvent[], ...parts: readonly (readonly TrainingEvent[])[]): Promise<void> {
    assert.deepEqual(lossesOf(...parts), lossesOf(whole));
    assert.deepEqual(validationsOf(...parts), validationsOf(whole));
    assert.deepEqual(decisive(await newestCheckpoint(parted())), decisive(await newestCheckpoint(through())));
    assert.deepEqual(ofType(parts.at(-1)!, 'finished')[0]?.metrics, ofType(whole, 'finished')[0]?.metrics);
    assert.equal(ofType(whole, 'sample').length, settings.epochs * stepsPerEpoch);
    assert.equal(memory().numTensors, tensorsBefore, 'every tensor is gone');
  }

  for (const [name, variant] of Object.entries(variants)) {
    it(`is bit for bit the run that went through: ${name}`, async () => {
      const settings = settingsOf(variant);
      const whole = await trainIn(through(), settings);
      const first = await trainIn(parted(), settings, stopAt(25));
      assert.equal(ofType(first, 'finished')[0]?.reason, 'stopped');
      const second = await resumeIn(parted(), settings);
      assert.deepEqual([second[0]?.type, ofType(second, 'sample')[0]?.step], ['restored', 26]);
      await assertSame(settings, whole, first, second);
    });
  }

  for (const step of [0, stepsPerEpoch, 2 * stepsPerEpoch - 2]) {
    it(`wherever it was stopped: after step ${step}, and once more later`, async () => {
      const settings = settingsOf({});
      const whole = await trainIn(through(), settings);
      const first = await trainIn(parted(), settings, (event, mailbox) => {
        if (event.type === (step === 0 ? 'validation' : 'sample') && event.step === step) mailbox.post({ type: 'stop' });
      });
      const second = await resumeIn(parted(), settings, { observe: stopAt(step + 1) });
      const third = await resumeIn(parted(), settings);
      await assertSame(settings, whole, first, second, third);
    });
  }

  for (const asked of [{ density: 0.0025, window: 5, learningRate: 0.01 }, { momentum: 0.5, errorFeedbackBits: 8 }] as const) {
    it(`keeps what was changed on the way: ${JSON.stringify(asked)}`, async () => {
      const settings = settingsOf({});
      const whole = await trainIn(through(), settings, stopAt(Infinity, asked));
      const first = await trainIn(parted(), settings, stopAt(25, asked));
      const second = await resumeIn(parted(), settings);
      const [restored] = ofType(second, 'restored');
      assert.deepEqual([restored?.settings, restored?.changes], [{ ...settings, ...asked }, 1]);
      await assertSame(settings, whole, first, second);
    });
  }

  it('goes on from its last checkpoint after a worker has died', async () => {
    const settings = settingsOf({ workers: 3 });
    const whole = await trainIn(through(), settings);
    const first = await watchThreads(assets, ({ started }) => trainIn(parted(), settings, event => {
      if (event.type === 'sample' && event.step === 25) void started[0]?.terminate();
    }));
    const [finished] = ofType(first, 'finished');
    assert.equal(finished?.reason, 'failed');
    assert.match(finished.message!, /^The gradient worker 2 of 3 has died/);
    const second = await resumeIn(parted(), settings);
    assert.equal(ofType(second, 'restored')[0]?.step, stepsPerEpoch);
    await assertSame(settings, whole, first.filter(event => !('step' in event) || event.step <= stepsPerEpoch), second);
  });

  it('goes on for more epochs after it was completed, and keeps that length', async () => {
    const settings = settingsOf({ epochs: 1, schedule: 'constant' });
    await trainIn(parted(), settings);
    const more = await resumeIn(parted(), settings, { epochs: 2, observe: stopAt(stepsPerEpoch + 3) });
    assert.equal(ofType(more, 'restored')[0]?.totalSteps, 2 * stepsPerEpoch);
    const rest = await resumeIn(parted(), settings);
    assert.deepEqual([ofType(rest, 'finished')[0]?.reason, ofType(rest, 'finished')[0]?.steps], ['completed', 2 * stepsPerEpoch]);
    const again = settingsOf({ epochs: 2, schedule: 'constant' });
    await trainIn(through(), again);
    assert.deepEqual((await newestCheckpoint(parted())).parameters, (await newestCheckpoint(through())).parameters);
  });

  it('reports the peak of the whole run', async () => {
    const settings = settingsOf({ window: 64 });
    const first = await trainIn(parted(), settings, (event, mailbox) => {
      if (event.type === 'sample' && event.step === 5) mailbox.post({ type: 'change', revision: 1, settings: { window: 2 } });
      if (event.type === 'sample' && event.step === 8) mailbox.post({ type: 'stop' });
    });
    const second = await resumeIn(parted(), settings, { observe: stopAt(12) });
    const [before, after] = [first, second].map(events => Math.max(...ofType(events, 'sample').map(sample => sample.memory.peakBytes)));
    assert.ok(after! < before!);
    assert.equal(ofType(second, 'finished')[0]?.peakBytes, before);
    assert.equal(listCheckpoints(parted())[0]?.step, 12);
  });
});
