import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromBfloat16 } from '../../../src/kernels/bfloat16';
import type { Precision } from '../../../src/kernels/panelLayout';
import { largestFloat } from '../../../src/kernels/saturate';
import { typedArrays } from '../../../src/kernels/typedArrays';
import { topK } from '../../../src/optimizers/compressors/topK';
import { withErrorFeedback } from '../../../src/optimizers/errorFeedback';
import { keepResidual, type Residual, type ResidualBits } from '../../../src/optimizers/residual';
import { withoutErrorFeedback } from '../../../src/optimizers/withoutErrorFeedback';
import { parameterSpace } from '../../../src/settings/parameterSpace';
import { absoluteIndices, blocksOf, flatSpace } from '../kernels/flatSpace';
import { norm, normalVector } from '../kernels/randomVector';
import { residualVector } from './residualVector';

const dimension = 1000;

interface Options { density: number; blockSize: number | null; bits?: ResidualBits; valuePrecision?: Precision; length?: number }

function feedback({ density, blockSize, bits = 32, valuePrecision = 'float32', length = dimension }: Options) {
  const link = withErrorFeedback(topK(() => ({ density, blockSize, groups: [], valuePrecision }), typedArrays), () => bits);
  const state = link.init(flatSpace(length));
  /** Feeds one gradient in; returns what comes out. */
  const feed = (gradient: Float32Array) => {
    const updates = { dense: gradient.slice(), kept: undefined };
    link.update(updates, state, [], 1);
    return updates.dense;
  };
  return { state, feed, residual: () => residualVector(state.residual, length) };
}

/** The most that entry `at` of a residual may be off from the number it was given. */
function roundingAt(residual: Residual, at: number, given: number): number {
  if (residual.bits === 32) return 0;
  if (residual.bits === 16) return Math.abs(given) * 2 ** -8 + 1e-40;
  const [min, max] = [0, 1].map(end => fromBfloat16(residual.ranges[2 * Math.floor(at / residual.blockLength) + end]!)) as [number, number];
  return (max - min) / (2 ** residual.bits - 1) / 2;
}

describe('error feedback', () => {
  for (const density of [0.001, 0.01, 0.1, 0.5, 1]) {
    for (const blockSize of [null, 64, 300]) {
      it(`density ${density}, blocks of ${blockSize ?? dimension}: nothing is lost, c is the largest, the residual contracts`, () => {
        const { residual, feed } = feedback({ density, blockSize });
        const sent = new Float64Array(dimension);
        const given = new Float64Array(dimension);
        for (let step = 1; step <= 40; step++) {
          const gradient = normalVector(dimension, step);
          const before = residual();
          const sum = gradient.map((value, at) => value + before[at]!);
          const compressed = feed(gradient);
          gradient.forEach((value, at) => { given[at]! += value; sent[at]! += compressed[at]!; });
          for (const { start, length, kept } of blocksOf(dimension, density, blockSize)) {
            const [c, e, a] = [compressed, residual(), sum].map(vector => vector.subarray(start, start + length)) as [Float32Array, Float32Array, Float32Array];
            const nonzero = c.filter(value => value !== 0);
            assert.ok(nonzero.length <= kept);
            assert.ok(Math.min(...nonzero.map(Math.abs)) >= Math.max(...e.map(Math.abs)));
            assert.ok(norm(e) ** 2 <= (1 - kept / length) * norm(a) ** 2 * (1 + 1e-6));
          }
        }
        const left = residual();
        assert.ok(Math.max(...given.map((value, at) => Math.abs(sent[at]! + left[at]! - value))) < 1e-4);
      });
    }
  }

  for (const bits of [32, 16, 8, 4] as const) {
    for (const valuePrecision of ['float32', 'bfloat16'] as const) {
      it(`residual of ${bits} bits, ${valuePrecision} values: sums of c and the residual are sums of g, but for the residual's rounding`, () => {
        const length = 2500;
        const { state, residual, feed } = feedback({ density: 0.02, blockSize: 512, bits, valuePrecision, length });
        let before = residual();
        const drift = new Float64Array(length);
        for (let step = 1; step <= 60; step++) {
          const gradient = normalVector(length, step);
          const compressed = feed(gradient);
          const after = residual();
          after.forEach((value, at) => {
            const left = gradient[at]! + before[at]! - compressed[at]!;
            drift[at]! += value - left;
            assert.ok(Math.abs(value - left) <= roundingAt(state.residual, at, left) + 1e-6, `step ${step}, entry ${at}: ${left} became ${value}`);
          });
          before = after;
        }
        if (bits === 32) assert.ok(Math.max(...drift.map(Math.abs)) < 1e-4);
      });
    }

    it(`residual of ${bits} bits: what has been sent in full is not sent again`, () => {
      const { state, residual, feed } = feedback({ density: 0.1, blockSize: 100, bits });
      for (let step = 1; step <= 5; step++) {
        feed(normalVector(dimension, step));
        const left = residual();
        for (const at of absoluteIndices(state.keptRow)) assert.equal(left[at]! + 0, 0);
      }
    });
  }

  for (const bits of [32, 16, 8, 4] as const) {
    it(`a tensor kept exactly passes untouched, though a residual of ${bits} bits is coded together with its neighbours'`, () => {
      const space = parameterSpace([{ name: 'kernel', shape: [30, 20] }, { name: 'bias', shape: [100] }, { name: 'next', shape: [300] }]);
      const link = withErrorFeedback(topK(() => ({ density: 0.1, blockSize: 64, groups: [{ match: 'bias', exact: true }], valuePrecision: 'float32' }), typedArrays), () => bits);
      const state = link.init(space);
      for (let step = 1; step <= 10; step++) {
        const gradient = normalVector(1000, step);
        const updates = { dense: gradient.slice(), kept: undefined };
        link.update(updates, state, [], step);
        assert.deepEqual(updates.dense.subarray(600, 700), gradient.subarray(600, 700));
        assert.ok(residualVector(state.residual, 1000).subarray(0, 600).some(value => value !== 0));
      }
    });
  }

  it('bfloat16 values: what rounding took from an entry stays in the residual', () => {
    const { residual, feed } = feedback({ density: 0.001, blockSize: null, valuePrecision: 'bfloat16' });
    const gradient = new Float32Array(dimension);
    gradient[7] = 1 + 2 ** -10;
    assert.equal(feed(gradient)[7], 1);
    assert.equal(residual()[7], 2 ** -10);
  });

  it('c + e = g + previous e, exactly in float32, for any numbers', () => {
    const finite = fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-1e37), max: Math.fround(1e37) });
    fc.assert(fc.property(fc.array(fc.tuple(finite, finite), { minLength: 1, maxLength: 50 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (pairs, density) => {
      const { state, residual, feed } = feedback({ density, blockSize: null, length: pairs.length });
      keepResidual(state.residual, Float32Array.from(pairs, ([left]) => left));
      const compressed = feed(Float32Array.from(pairs, ([, gradient]) => gradient));
      const left = residual();
      pairs.forEach(([before, gradient], at) => {
        assert.equal(Math.fround(compressed[at]! + left[at]!), Math.fround(before + gradient) + 0);
        assert.ok(compressed[at] === 0 || left[at] === 0);
      });
    }));
  });

  for (const bits of [32, 16, 8, 4] as const) {
    it(`passes everything on at density 1 and keeps no residual, of ${bits} bits`, () => {
      const { residual, feed } = feedback({ density: 1, blockSize: 64, bits });
      for (const seed of [5, 6]) {
        const gradient = normalVector(dimension, seed);
        assert.deepEqual(feed(gradient), gradient);
        assert.ok(residual().every(value => value === 0));
      }
    });
  }

  it('stays at the largest number of float32 where the sum would leave it', () => {
    const { residual, feed } = feedback({ density: 0.001, blockSize: null });
    const gradient = new Float32Array(dimension).fill(3e38);
    for (let step = 0; step < 3; step++) assert.equal(Math.max(...feed(gradient)), step === 0 ? Math.fround(3e38) : largestFloat);
    assert.equal(Math.max(...residual()), largestFloat);
  });

  it('without it, what Top-K leaves out is lost', () => {
    const link = withoutErrorFeedback(topK(() => ({ density: 0.01, blockSize: null, groups: [], valuePrecision: 'float32' }), typedArrays));
    const state = link.init(flatSpace(dimension));
    for (const seed of [1, 2]) {
      const gradient = normalVector(dimension, seed);
      const threshold = gradient.map(Math.abs).sort().at(-10)!;
      const updates = { dense: gradient.slice(), kept: undefined };
      link.update(updates, state, [], 1);
      assert.deepEqual(updates.dense, gradient.map(value => Math.abs(value) >= threshold ? value : 0));
    }
  });
});

describe('error feedback, remapped', () => {
  it('keeps the residual when its bits, the density or the precision of the values change', () => {
    const live: { density: number; blockSize: null; groups: []; valuePrecision: Precision; bits: ResidualBits } = { density: 0.1, blockSize: null, groups: [], valuePrecision: 'float32', bits: 32 };
    const link = withErrorFeedback(topK(() => live, typedArrays), () => live.bits);
    const space = flatSpace(dimension);
    const state = link.init(space);
    link.update({ dense: normalVector(dimension, 1), kept: undefined }, state, [], 1);
    assert.equal(link.remap!(state, space), state);
    const before = residualVector(state.residual, dimension);
    for (const change of [{ bits: 8 }, { density: 0.3 }, { valuePrecision: 'bfloat16' }, { bits: 16, density: 0.02 }] as const) {
      Object.assign(live, change);
      const remapped = link.remap!(state, space);
      assert.equal(remapped.residual.bits, live.bits);
      assert.equal(remapped.keptRow.values.length, Math.ceil(live.density * dimension));
      const after = residualVector(remapped.residual, dimension);
      assert.ok(after.every((value, at) => Math.abs(value - before[at]!) <= roundingAt(remapped.residual, at, before[at]!)));
      assert.deepEqual(residualVector(state.residual, dimension), before);
    }
  });
});
