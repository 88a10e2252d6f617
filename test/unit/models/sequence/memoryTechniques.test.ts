import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import type { Backend } from '../../../../src/backends/backend';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { DenseWeights } from '../../../../src/gradients/denseWeights';
import type { BatchSource } from '../../../../src/gradients/gradientSource';
import { Ledger } from '../../../../src/memory/ledger';
import { sizeOf, type Model } from '../../../../src/models/model';
import { createOptimizer } from '../../../../src/optimizers/optimizer';
import { defaultsFor, type Settings } from '../../../../src/settings/knobs';
import { isPacked, scalesLoss } from '../../../../src/settings/memoryTechniques';
import { HostPlacement } from '../../../../src/trainer/hostPlacement';
import { LossScale } from '../../../../src/trainer/lossScale';
import { MemoryPlan } from '../../../../src/trainer/memoryPlan';
import { createPackedPlacement } from '../../../../src/trainer/packedPlacement';
import { Stepper } from '../../../../src/trainer/stepper';
import { assertClose } from '../../../support/assertClose';
import { assets } from '../../../support/assets';
import { sentenceBatch } from '../../../support/sequences';
import { smallModel, smallModels } from './smallModels';

interface Step {
  readonly loss: number;
  readonly gradients: readonly Float64Array[];
  /** Bytes that wait for the backward pass when it begins, of the first slice. */
  readonly activations: number;
}

const exact = defaultsFor('adamw');

async function stepOf(model: Model, batch: BatchSource, settings: Partial<Settings> = {}): Promise<Step> {
  const ledger = new Ledger();
  const weights = new DenseWeights(ledger, model, 1);
  const gradients = model.parameters.map(({ shape }) => new Float64Array(sizeOf(shape)));
  let activations: number | undefined;
  const enter = ledger.enter.bind(ledger);
  ledger.enter = phase => {
    if (phase === 'backward') activations ??= ledger.live().activations;
    enter(phase);
  };
  try {
    const { loss } = await new MemoryPlan(ledger, model, { ...exact, ...settings }).source({
      model, weights, batch, seed: 5, lossScale: 1,
      receive: (parameter, gradient, { weight }) => { gradient.dataSync().forEach((value, at) => { gradients[parameter]![at]! += weight * value; }); },
    });
    return { loss, gradients, activations: activations! };
  } finally {
    weights.dispose();
    ledger.stop();
  }
}

function largestOf({ gradients }: Step): number {
  return gradients.reduce((most, gradient) => gradient.reduce((larger, value) => Math.max(larger, Math.abs(value)), most), 0);
}

/** Every entry within `tolerance` of the largest of all. */
function assertNear(step: Step, expected: Step, tolerance: number): void {
  const largest = largestOf(expected);
  step.gradients.forEach((gradient, parameter) => {
    gradient.forEach((value, at) => { assert.ok(Math.abs(value - expected.gradients[parameter]![at]!) <= tolerance * largest, `parameter ${parameter}[${at}] is ${value}, not ${expected.gradients[parameter]![at]!}`); });
  });
}

/** The difference beside the gradient itself, in the Euclidean norm: what is rounded on its way may flip single ReLUs. */
function relativeDistance(step: Step, expected: Step): number {
  const squares = (gradients: Step['gradients'], from?: Step['gradients']) => gradients.reduce((total, gradient, parameter) => gradient.reduce((sum, value, at) => sum + (value - (from?.[parameter]![at] ?? 0)) ** 2, total), 0);
  return Math.sqrt(squares(step.gradients, expected.gradients) / squares(expected.gradients));
}

/** The loss by step, trained on the same batch again and again. */
async function lossesOf(backend: Backend, model: Model, batch: BatchSource, steps: number, given: Partial<Settings>): Promise<number[]> {
  const settings: Settings = { ...exact, learningRate: 0.02, weightDecay: 0, ...given };
  const ledger = new Ledger();
  const placement = isPacked(settings)
    ? createPackedPlacement({ settings, model, backend, ledger, totalSteps: steps, assets })
    : new HostPlacement(createOptimizer(settings, model.parameters, { totalSteps: steps }), new DenseWeights(ledger, model, settings.seed), model.parameters, backend, ledger);
  const stepper = new Stepper(model, ledger, new MemoryPlan(ledger, model, settings).source, placement, settings.seed, scalesLoss(settings) ? new LossScale(settings) : undefined);
  const losses: number[] = [];
  try {
    for (let step = 1; step <= steps; step++) losses.push((await stepper.run(batch, step)).loss);
  } finally {
    stepper.dispose();
    ledger.stop();
  }
  return losses;
}

describe('models: memory techniques on the models of sequences', () => {
  let backend: Backend;
  let before: number;
  beforeEach(async () => {
    backend = await loadBackend('wasm', { assets });
    before = memory().numTensors;
  });
  afterEach(() => assert.equal(memory().numTensors, before, 'nothing is left behind'));

  for (const [what, small] of Object.entries(smallModels)) {
    const batch = sentenceBatch(small.sentences(7));

    it(`${what}: recomputed block by block, with dropout, gradients are the same to the bit, of fewer bytes`, async () => {
      const model = await smallModel(small, 0.2);
      const [kept, again] = [await stepOf(model, batch), await stepOf(model, batch, { recompute: 'block' })];
      assert.deepEqual(again.gradients, kept.gradients);
      assert.equal(again.loss, kept.loss);
      assert.ok(again.activations < 0.75 * kept.activations, `${again.activations} bytes instead of ${kept.activations}`);
    });

    it(`${what}: microbatches, weighed by what they predict, are the whole batch`, async () => {
      const model = await smallModel(small);
      const whole = await stepOf(model, batch);
      for (const microbatch of [1, 2, 5]) {
        const cut = await stepOf(model, batch, { microbatch });
        assertClose([cut.loss], [whole.loss], 1e-6);
        assertNear(cut, whole, 1e-6);
      }
    });

    it(`${what}: activations in two bytes take about half, and change gradients little`, async () => {
      const model = await smallModel(small);
      const whole = await stepOf(model, batch);
      for (const [activationPrecision, tolerance] of [['float16', 0.005], ['bfloat16', 0.1]] as const) {
        const halves = await stepOf(model, batch, { activationPrecision });
        assert.ok(halves.activations < 0.75 * whole.activations, `${halves.activations} bytes instead of ${whole.activations}`);
        const distance = relativeDistance(halves, whole);
        assert.ok(distance > 0 && distance < tolerance, `${activationPrecision}: ${distance}`);
      }
    });

    const placements: Readonly<Record<string, Partial<Settings>>> = {
      'plainly': {}, 'by fused updates': { fusedUpdate: true }, 'in float16': { parameterPrecision: 'float16', momentPrecision: 'float16' }, 'with three fifths of the weights': { weightDensity: 0.6, rewireEvery: 5 },
      'with all techniques at once': { recompute: 'block', microbatch: 3, activationPrecision: 'bfloat16', parameterPrecision: 'bfloat16', momentPrecision: 'bfloat16', weightDensity: 0.8, rewireEvery: 5 },
    };
    for (const [how, settings] of Object.entries(placements)) {
      it(`${what} is trained ${how}`, async () => {
        const losses = await lossesOf(backend, await smallModel(small), batch, 30, settings);
        assert.ok(losses.every(Number.isFinite) && losses.at(-1)! < 0.7 * losses[0]!, losses.map(loss => loss.toFixed(3)).join(' '));
      });
    }
  }
});
