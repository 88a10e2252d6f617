import assert from 'node:assert/strict';
import { bitsOfFloat, fromBfloat16, roundToBfloat16 } from '../../../src/kernels/bfloat16';
import type { Precision } from '../../../src/kernels/panelLayout';
import { readRow } from '../../../src/kernels/rowStorage';
import { typedArrays } from '../../../src/kernels/typedArrays';
import { topK } from '../../../src/optimizers/compressors/topK';
import { scaleByMicroAdam, type MicroAdamState } from '../../../src/optimizers/microAdam';
import { createOptimizer } from '../../../src/optimizers/optimizer';
import { withoutErrorFeedback } from '../../../src/optimizers/withoutErrorFeedback';
import { defaultsFor, type Settings } from '../../../src/settings/knobs';
import { stateBytes, totalBytes } from '../../../src/settings/stateBytes';
import { blocksOf, flatSpace } from '../kernels/flatSpace';
import { normalVector, relativeDistance } from '../kernels/randomVector';
import { minimize, quadratic, softmaxRegression } from './problems';
import { flat, settingsOf, takeSteps, twoTensors } from './variants';

const dimension = 317;
const exact: Partial<Settings> = { optimizer: 'micro-adam', valuePrecision: 'float32', errorFeedbackBits: 32 };

interface Plain { density: number; blockSize: number | null; window: number; beta1: number; beta2: number; epsilon: number; valuePrecision: Precision; errorFeedback: boolean }

/** MicroAdam as one would first write it: whole vectors, a list of compressed gradients, sums over the last of them. */
function plainMicroAdam({ density, blockSize, window, beta1, beta2, epsilon, valuePrecision, errorFeedback }: Plain, size: number) {
  const residual = new Float32Array(size);
  const sent: Float64Array[] = [];
  return (gradient: Float32Array): Float64Array => {
    const sum = gradient.map((value, at) => value + residual[at]!);
    const kept = new Float64Array(size);
    for (const { start, length, kept: count } of blocksOf(size, density, blockSize)) {
      const largest = Array.from({ length }, (_, at) => start + at).sort((a, b) => Math.abs(sum[b]!) - Math.abs(sum[a]!) || a - b).slice(0, count);
      for (const at of largest) kept[at] = valuePrecision === 'float32' ? sum[at]! : fromBfloat16(roundToBfloat16(bitsOfFloat(sum[at]!)));
    }
    if (errorFeedback) sum.forEach((value, at) => { residual[at] = value - kept[at]!; });
    sent.push(kept);
    const step = sent.length;
    const recent = sent.slice(-window).reverse();
    const moment = (beta: number, power: number, at: number) =>
      (1 - beta) * recent.reduce((total, row, age) => total + beta ** age * row[at]! ** power, 0) / (1 - beta ** step);
    return Float64Array.from({ length: size }, (_, at) => moment(beta1, 1, at) / (Math.sqrt(moment(beta2, 2, at)) + epsilon));
  };
}

/** The link alone, behind Top-K without error feedback. */
function link(settings: Plain, size: number) {
  const all = { ...settings, groups: [] };
  const compress = withoutErrorFeedback(topK(() => all, typedArrays));
  const microAdam = scaleByMicroAdam(() => all, typedArrays);
  const space = flatSpace(size);
  let [row, state] = [compress.init(space), microAdam.init(space)];
  return {
    get state() { return state; },
    feed: (gradient: Float32Array, step: number) => {
      const updates = { dense: gradient.slice(), kept: undefined };
      compress.update(updates, row, [], step);
      microAdam.update(updates, state, [], step);
      return updates;
    },
    change: (changed: Partial<Plain>) => {
      Object.assign(all, changed);
      [row, state] = [compress.remap!(row, space), microAdam.remap!(state, space)];
    },
  };
}

/** The rows that a state remembers, oldest first, in full. */
function rowsOf({ rows, size, filled, cursor }: MicroAdamState): Float32Array[] {
  return Array.from({ length: filled }, (_, age) => {
    const vector = new Float32Array(rows.layout.dimension);
    readRow(rows, (cursor - filled + age + size) % size, vector);
    return vector;
  });
}

describe('MicroAdam', () => {
  it('at density 1 is Adam for as many steps as its window has rows', () => {
    for (const blockSize of [null, 2, 100]) {
      for (const extra of [{}, { beta1: 0.5, beta2: 0.9, epsilon: 1e-3, weightDecay: 0.1 }, { errorFeedback: false }, { errorFeedbackBits: 4 }] as const) {
        const micro = createOptimizer(settingsOf({ ...exact, density: 1, blockSize, window: 12, ...extra }), twoTensors(dimension));
        const adam = createOptimizer(settingsOf({ ...extra, optimizer: 'adamw' }), twoTensors(dimension));
        const [ofMicro, ofAdam] = [twoTensors(dimension), twoTensors(dimension)];
        for (let step = 1; step <= 12; step++) assert.ok(relativeDistance(takeSteps(micro, ofMicro, step, step), takeSteps(adam, ofAdam, step, step)) < 1e-6, `step ${step}`);
        assert.ok(relativeDistance(flat(ofMicro), flat(ofAdam)) < 1e-6);
        assert.ok(relativeDistance(takeSteps(micro, ofMicro, 13, 13), takeSteps(adam, ofAdam, 13, 13)) > 1e-3);
      }
    }
  });

  const plain: Plain = { density: 0.1, blockSize: 64, window: 4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, valuePrecision: 'float32', errorFeedback: true };
  const cases: Record<string, Partial<Plain>> = {
    'as it is': {}, 'one global block': { blockSize: null }, 'blocks of 2': { blockSize: 2, density: 0.5 }, 'bfloat16 values': { valuePrecision: 'bfloat16' },
    'no error feedback': { errorFeedback: false }, 'a window of one row': { window: 1 }, 'a window of 30': { window: 30 }, 'other betas': { beta1: 0.6, beta2: 0.95, epsilon: 1e-3 },
    'no memory of the first moment': { beta1: 0 }, 'density 1': { density: 1 },
  };
  for (const [name, changes] of Object.entries(cases)) {
    it(`is what a plain implementation computes, also after going round the ring: ${name}`, () => {
      const settings = { ...plain, ...changes };
      const optimizer = createOptimizer(settingsOf({ ...exact, ...settings, learningRate: 1 }), [{ name: 'w', shape: [dimension] }]);
      const reference = plainMicroAdam(settings, dimension);
      for (let step = 1; step <= 15; step++) {
        const gradient = normalVector(dimension, step);
        const expected = reference(gradient);
        optimizer.update(gradient, [{ name: 'w', shape: [dimension], values: new Float32Array(dimension) }], step);
        assert.ok(relativeDistance(gradient, expected.map(value => -value)) < 1e-6, `step ${step}`);
      }
    });
  }

  it('reaches beyond one tile of its sums', () => {
    for (const blockSize of [null, 3000, 16_384]) {
      const settings = { ...plain, errorFeedback: false, density: 0.05, blockSize };
      const [{ feed }, reference] = [link(settings, 40_000), plainMicroAdam(settings, 40_000)];
      for (let step = 1; step <= 5; step++) assert.ok(relativeDistance(feed(normalVector(40_000, step), step).dense, reference(normalVector(40_000, step))) < 1e-6);
    }
  });

  it('by hand: two steps of one parameter', () => {
    const { feed } = link({ ...plain, density: 1, blockSize: null, window: 2, beta1: 0.5, beta2: 0.75, epsilon: 1 }, 1);
    assert.equal(feed(Float32Array.of(3), 1).dense[0], 3 / (3 + 1));
    // z1 = (0.5 * 3 + 1) * 0.5 / 0.75, z2 = (0.75 * 9 + 1) * 0.25 / 0.4375
    assert.ok(Math.abs(feed(Float32Array.of(1), 2).dense[0]! - 2.5 * 2 / 3 / (Math.sqrt(7.75 * 4 / 7) + 1)) < 1e-7);
    // The window has two rows: the first gradient is forgotten, but the correction counts three steps.
    assert.ok(Math.abs(feed(Float32Array.of(2), 3).dense[0]! - 2.5 * 0.5 / 0.875 / (Math.sqrt(4.75 * 0.25 / (1 - 0.75 ** 3)) + 1)) < 1e-7);
  });

  it('the support of u lies within that of the window, and u has no kept form', () => {
    const { feed, state } = link({ ...plain, density: 0.02, blockSize: 100, window: 3 }, 450);
    for (let step = 1; step <= 8; step++) {
      const updates = feed(normalVector(450, step), step);
      const rows = rowsOf(state);
      assert.equal(updates.kept, undefined);
      assert.ok(updates.dense.every((value, at) => value === 0 || rows.some(row => row[at] !== 0)));
      assert.ok(updates.dense.some(value => value !== 0));
    }
  });

  it('stays finite where only the first moment remembers: betas far apart, numbers of any size', () => {
    const { feed } = link({ ...plain, density: 1, beta2: 0, epsilon: 1e-30 }, 3);
    for (const [index, size] of [3e38, 0, 1e-45, -3e38, 0].entries()) assert.ok(feed(new Float32Array(3).fill(size), index + 1).dense.every(Number.isFinite));
  });
});

describe('MicroAdam, remapped', () => {
  const plain: Plain = { density: 0.1, blockSize: 64, window: 6, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, valuePrecision: 'float32', errorFeedback: false };
  const started = (steps: number) => {
    const made = link(plain, dimension);
    for (let step = 1; step <= steps; step++) made.feed(normalVector(dimension, step), step);
    return made;
  };

  it('keeps the newest rows, cut to what the settings now keep', () => {
    for (const change of [{ window: 3 }, { window: 9 }, { density: 0.02 }, { density: 0.3, window: 4 }, { blockSize: null }, { blockSize: 50, window: 12 }, { valuePrecision: 'bfloat16' }] as const) {
      const made = started(8);
      const before = rowsOf(made.state);
      made.change(change);
      const after = rowsOf(made.state);
      const compress = topK(() => ({ ...plain, ...change, groups: [] }), typedArrays);
      const row = compress.init(flatSpace(dimension));
      const expected = before.slice(-(made.state.size)).map(vector => {
        compress.compress(vector, row, 1);
        const cut = new Float32Array(dimension);
        compress.expand(row, cut);
        return cut.map(value => value + 0);
      });
      assert.deepEqual(after.map(vector => vector.map(value => value + 0)), expected, JSON.stringify(change));
    }
  });

  it('a window that grew and shrank before it was full goes on as if nothing had happened', () => {
    const [changed, untouched] = [started(3), started(3)];
    changed.change({ window: 12 });
    changed.change({ window: 6 });
    for (let step = 4; step <= 15; step++) assert.deepEqual(changed.feed(normalVector(dimension, step), step), untouched.feed(normalVector(dimension, step), step));
  });

  it('keeps its state where nothing asks for another', () => {
    const made = started(4);
    const { state } = made;
    made.change({ beta1: 0.5, beta2: 0.9, epsilon: 1 });
    assert.equal(made.state, state);
  });
});

describe('MicroAdam, as it is meant to be used', () => {
  it('holds 0.95 bytes per parameter at its defaults, of which 0.9 are window and codes', () => {
    const settings = defaultsFor('micro-adam');
    for (const size of [100_000, 1e7]) {
      const bytes = stateBytes(settings, flatSpace(size));
      assert.ok(totalBytes(bytes) / size <= 0.95);
      assert.ok(totalBytes({ ...bytes, keptRow: 0, scratch: 0 }) / size <= 0.91);
    }
  });

  it('ends near what it reaches with an exact residual, and far below what it reaches without one', () => {
    for (const seed of [1, 2, 3]) {
      const problem = softmaxRegression(seed, { examples: 400, features: 40, batch: 32 });
      const loss = (variant: Partial<Settings>) => minimize(problem, { ...defaultsFor('micro-adam'), density: 0.02, learningRate: 0.1, ...variant }, 300, true);
      const [coded, uncoded, unfed] = [loss({}), loss({ errorFeedbackBits: 32, valuePrecision: 'float32' }), loss({ errorFeedback: false })];
      assert.ok(coded < 1.25 * uncoded, `${coded} against ${uncoded}`);
      assert.ok(unfed > 3 * coded, `${unfed} against ${coded}`);
    }
  });

  it('goes down to the bottom of a bowl', () => {
    const bowl = quadratic(300, 0.1);
    assert.ok(minimize(bowl, { ...defaultsFor('micro-adam'), density: 0.05, learningRate: 0.03 }, 400, true) < 1e-4 * bowl.loss(bowl.start));
  });
});
