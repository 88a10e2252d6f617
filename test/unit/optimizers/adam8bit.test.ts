import assert from 'node:assert/strict';
import { decodeSigned, decodeUnsigned, ditherAt } from '../../../src/kernels/dynamicCodes';
import { scaleByAdam } from '../../../src/optimizers/adam';
import { scaleByAdam8bit, type QuantizedMoment } from '../../../src/optimizers/adam8bit';
import { weighState } from '../../../src/optimizers/stateTree';
import { adamw8bitBytes } from '../../../src/settings/formulas/baselines';
import { defaultsFor } from '../../../src/settings/knobs';
import { norm, relativeDistance } from '../kernels/randomVector';
import { gradientsOf, run, spaceOf } from './runTransformation';

const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const adam = scaleByAdam({ beta1: () => settings.beta1, beta2: () => settings.beta2, epsilon: () => settings.epsilon });
const length = 4500;

const signed = Array.from({ length: 256 }, (_, code) => decodeSigned(code));
const unsigned = Array.from({ length: 256 }, (_, code) => decodeUnsigned(code));

/** Adam whose moments go through the codes after every step, block by block, found by searching all of them. */
function plainAdam8bit(gradients: readonly Float32Array[]): number[][] {
  const { beta1, beta2, epsilon } = settings;
  let [first, second] = [gradients[0]!, gradients[0]!].map(({ length: count }) => new Array<number>(count).fill(0)) as [number[], number[]];
  const blockwise = (values: number[], code: (share: number, at: number) => number) => values.map((value, at) => {
    const start = 256 * Math.floor(at / 256);
    const largest = Math.fround(Math.max(...values.slice(start, start + 256).map(Math.abs)));
    return largest === 0 ? 0 : largest * code(value / largest, at);
  });
  return gradients.map((gradient, index) => {
    const step = index + 1;
    first = first.map((value, at) => beta1 * value + (1 - beta1) * gradient[at]!);
    second = second.map((value, at) => beta2 * value + (1 - beta2) * gradient[at]! ** 2);
    const update = first.map((value, at) => value / (1 - beta1 ** step) / (Math.sqrt(second[at]! / (1 - beta2 ** step)) + epsilon));
    first = blockwise(first, share => signed.reduce((best, value) => Math.abs(value - share) < Math.abs(best - share) ? value : best));
    second = blockwise(second, (share, at) => {
      const lower = Math.min(254, unsigned.findLastIndex(value => value <= share));
      const isUpper = (share - unsigned[lower]!) / (unsigned[lower + 1]! - unsigned[lower]!) > ditherAt(step, at);
      return share > 0 ? unsigned[Math.max(1, isUpper ? lower + 1 : lower)]! : 0;
    });
    return update;
  });
}

describe('8-bit adamw', () => {
  it('moves as Adam in float64 whose moments are coded by search, for 10 steps', () => {
    const gradients = gradientsOf(length, 10).map(gradient => gradient.map((value, at) => value * 10 ** (at % 4 - 3)));
    const { updates } = run(scaleByAdam8bit(settings), [[length]], gradients);
    const expected = plainAdam8bit(gradients);
    // A code may fall to the other side by a rounding of the last bit; that is a rare entry, not a drift.
    updates.forEach((update, step) => assert.ok(relativeDistance(update, expected[step]!) < 1e-3, `step ${step + 1}: ${relativeDistance(update, expected[step]!)}`));
  });

  it('the first update has no rounding in it, and later ones stay near those of 32 bits', () => {
    const gradients = gradientsOf(length, 40);
    const [coded, exact] = [run(scaleByAdam8bit(settings), [[60, 75]], gradients).updates, run(adam, [[60, 75]], gradients).updates];
    assert.deepEqual(coded[0], exact[0]);
    coded.forEach((update, step) => assert.ok(relativeDistance(update, exact[step]!) < 0.1, `step ${step + 1}: ${relativeDistance(update, exact[step]!)}`));
  });

  it('tensors of fewer than 4096 entries move exactly as under Adam', () => {
    const gradients = gradientsOf(4095 + 3 + length, 5);
    const shapes = [[4095], [3], [length]];
    const [coded, exact] = [run(scaleByAdam8bit(settings), shapes, gradients).updates, run(adam, shapes, gradients).updates];
    coded.forEach((update, step) => assert.deepEqual(update.subarray(0, 4098), exact[step]!.subarray(0, 4098)));
    assert.notDeepEqual(coded[4], exact[4]);
  });

  it('holds 2 bytes and 8/256 for each entry of a tensor of 4096 or more, 8 for others', () => {
    const { state } = run(scaleByAdam8bit(settings), [[4096], [5000], [10]], []);
    const moment = 4096 + 4 * 16 + 5000 + 4 * 20 + 40;
    assert.deepEqual(weighState(state), { firstMoment: moment, secondMoment: moment, scratch: 4096 });
    assert.deepEqual(weighState(state), adamw8bitBytes(defaultsFor('adamw-8bit'), spaceOf([4096], [5000], [10])));
  });

  it('an outlier in a block does not blow up the steps of its neighbours', () => {
    // Codes of the second moment end at 3e-7 of the block's largest; the neighbours' squares are 1e-10 of the outlier's.
    const gradients = gradientsOf(4096, 60, 1e-4).map((gradient, index) => {
      gradient[100] = index === 0 ? 10 : 0;
      return index < 30 ? gradient : gradient.map(() => 0);
    });
    for (const update of run(scaleByAdam8bit(settings), [[4096]], gradients).updates.slice(1)) {
      assert.ok(update.subarray(0, 256).every(value => Math.abs(value) < 4));
    }
  });

  it('the second moment follows gradients down: within a few per cent on average, where rounding to nearest would stand still', () => {
    const recurring = gradientsOf(4096, 8);
    const gradients = Array.from({ length: 800 }, (_, index) => recurring[index % 8]!.map((value, at) => at % 2 === 0 && index >= 100 ? 0.1 * value : value));
    const slow = { ...settings, beta2: 0.99 };
    const [{ secondMoment } = assert.fail()] = run(scaleByAdam8bit(slow), [[4096]], gradients).state.tensors;
    const { codes, largest } = secondMoment as QuantizedMoment;
    const exact = run(scaleByAdam({ beta1: () => 0.9, beta2: () => 0.99, epsilon: () => 1e-8 }), [[4096]], gradients).state.secondMoment;
    const mean = (values: ArrayLike<number>) => Array.from(values).reduce((total, value, at) => at % 2 === 0 ? total + value / 2048 : total, 0);
    const coded = mean(Array.from(codes, (code, at) => decodeUnsigned(code) * largest[Math.floor(at / 256)]!));
    assert.ok(Math.abs(coded / mean(exact) - 1) < 0.05, String(coded / mean(exact)));
  });

  for (const scale of [0, 1e-45, 1e-30, 1e18, 3e37]) {
    it(`coded moments of gradients of size ${scale} stay finite, and go on`, () => {
      const gradients = [...gradientsOf(length, 3), ...gradientsOf(length, 3, scale), ...gradientsOf(length, 3)];
      const { updates, state: { tensors: [tensor] } } = run(scaleByAdam8bit(settings), [[length]], gradients);
      assert.ok(updates.every(update => update.every(Number.isFinite)));
      assert.ok(norm(updates[8]!) > 0);
      for (const { largest } of [tensor!.firstMoment, tensor!.secondMoment] as QuantizedMoment[]) assert.ok(largest.every(Number.isFinite));
    });
  }
});
