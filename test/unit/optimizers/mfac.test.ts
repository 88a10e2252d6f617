import assert from 'node:assert/strict';
import { typedArrays } from '../../../src/kernels/typedArrays';
import { topK } from '../../../src/optimizers/compressors/topK';
import { withoutErrorFeedback } from '../../../src/optimizers/withoutErrorFeedback';
import { denseWindow } from '../../../src/optimizers/preconditioners/denseWindow';
import { dampedInverse } from '../../../src/optimizers/preconditioners/dampedInverse';
import { preconditionByWindow } from '../../../src/optimizers/preconditioners/preconditionByWindow';
import type { Updates } from '../../../src/optimizers/transformation';
import { sparseWindow } from '../../../src/optimizers/preconditioners/sparseWindow';
import { flatSpace } from '../kernels/flatSpace';
import { dot, normalVector, relativeDistance } from '../kernels/randomVector';
import { explicitGram, gaussianSolve } from './linearAlgebra';

/** Dense M-FAC that is fed gradients one by one and answers with u. */
function dense(dimension: number, size: number, damping: number) {
  const link = preconditionByWindow({ rows: denseWindow, window: () => size, rule: dampedInverse(() => damping) });
  const state = link.init(flatSpace(dimension));
  const precondition = (gradient: Float32Array) => {
    const updates = { dense: gradient.slice(), kept: undefined };
    link.update(updates, state, [], 1);
    return updates.dense;
  };
  return { state, precondition };
}

/** (damping I + (1/size) sum of g g^T)^-1 x, by elimination on the matrix written out in full. */
function directInverse(gradients: readonly Float32Array[], size: number, damping: number, x: Float32Array): Float64Array {
  const dimension = x.length;
  const fisher = Array.from({ length: dimension }, (_, row) => Float64Array.from({ length: dimension }, (_, column) =>
    gradients.reduce((sum, gradient) => sum + gradient[row]! * gradient[column]! / size, row === column ? damping : 0)));
  return gaussianSolve(fisher, Float64Array.from(x));
}

describe('M-FAC', () => {
  for (const [dimension, size, damping] of [[12, 5, 1e-3], [12, 5, 0.1], [30, 8, 1], [4, 9, 1e-3], [20, 1, 1e-3], [1, 3, 0.1]] as const) {
    it(`u is the inverse of the Fisher matrix times c: d ${dimension}, window ${size}, damping ${damping}, three times round the ring`, () => {
      const { precondition } = dense(dimension, size, damping);
      const gradients = Array.from({ length: 3 * size + 1 }, (_, step) => normalVector(dimension, step + 1));
      gradients.forEach((gradient, step) => {
        const expected = directInverse(gradients.slice(Math.max(0, step + 1 - size), step + 1), size, damping, gradient);
        assert.ok(relativeDistance(precondition(gradient), expected) < 1e-6, `step ${step}`);
      });
    });
  }

  it('is accurate at a damping of 1e-6, where c/damping - ... would cancel', () => {
    const { precondition } = dense(40, 8, 1e-6);
    const gradients = Array.from({ length: 12 }, (_, step) => normalVector(40, step + 1));
    const last = gradients.map(precondition).at(-1)!;
    assert.ok(relativeDistance(last, directInverse(gradients.slice(-8), 8, 1e-6, gradients[11]!)) < 1e-6);
  });

  it('the first step is g / (damping + |g|^2 / m)', () => {
    for (const [size, damping, scale] of [[1, 1e-3, 1], [32, 1e-10, 1], [32, 100, 1], [1024, 1e-3, 1e-6], [7, 1e-3, 1e15]] as const) {
      const gradient = normalVector(50, 3, scale);
      const expected = gradient.map(value => value / (damping + dot(gradient, gradient) / size));
      assert.ok(relativeDistance(dense(50, size, damping).precondition(gradient), expected) < 1e-6);
    }
  });

  it('two equal gradients count twice, however small the damping beside them', () => {
    for (const scale of [1, 1e3, 1e15]) {
      const { precondition } = dense(50, 4, 1e-6);
      const gradient = normalVector(50, 3, scale);
      precondition(gradient);
      const expected = gradient.map(value => value / (1e-6 + 2 * dot(gradient, gradient) / 4));
      assert.ok(relativeDistance(precondition(gradient), expected) < 2e-3, `scale ${scale}`);
    }
  });

  it('gradients orthogonal to the last one do not matter', () => {
    const { precondition } = dense(6, 4, 0.01);
    const axis = (at: number, length: number) => Float32Array.from({ length: 6 }, (_, index) => index === at ? length : 0);
    precondition(axis(0, 5));
    precondition(axis(1, -3));
    const expected = axis(2, 2 / (0.01 + 4 / 4));
    assert.ok(relativeDistance(precondition(axis(2, 2)), expected) < 1e-7);
  });

  it('an outlier in the window does not stop the gradients that follow', () => {
    const { precondition } = dense(30, 4, 1e-3);
    precondition(normalVector(30, 1, 1e30));
    const gradient = normalVector(30, 2);
    const [u, alone] = [precondition(gradient), dense(30, 4, 1e-3).precondition(gradient)];
    assert.ok(dot(u, gradient) > 0.5 * dot(alone, gradient) && dot(u, gradient) <= 4);
  });

  it('the gram is the product of the rows after every step of the ring', () => {
    const { state, precondition } = dense(20, 3, 0.1);
    for (let step = 1; step <= 8; step++) {
      precondition(normalVector(20, step));
      assert.ok(relativeDistance(state.gram, explicitGram(state.rows.windowValues, 3)) < 1e-14);
      assert.equal(state.cursor, step % 3);
      assert.equal(state.filled, Math.min(step, 3));
    }
  });

  it('the support of u lies within that of the window', () => {
    const settings = () => ({ density: 0.02, blockSize: 100, groups: [], valuePrecision: 'float32' as const });
    const compress = withoutErrorFeedback(topK(settings, typedArrays));
    const precondition = preconditionByWindow({ rows: sparseWindow(settings, typedArrays), window: () => 3, rule: dampedInverse(() => 0.01) });
    const states = [compress.init(flatSpace(450)), precondition.init(flatSpace(450))] as const;
    const supports: boolean[][] = [];
    for (let step = 1; step <= 8; step++) {
      const updates: Updates = { dense: normalVector(450, step), kept: undefined };
      compress.update(updates, states[0], [], step);
      supports.push([...updates.dense].map(value => value !== 0));
      precondition.update(updates, states[1], [], step);
      assert.equal(updates.kept, undefined, 'u has no kept form');
      assert.ok(updates.dense.every((value, at) => value === 0 || supports.slice(-3).some(support => support[at])));
      assert.ok(updates.dense.some(value => value !== 0));
    }
  });

  it('fails rather than solving for ever when its rows are not finite', () => {
    assert.throws(() => dense(3, 2, 0.1).precondition(Float32Array.of(1, Number.NaN, 0)), /not finite/);
  });

  it('refuses to remember in a sparse window what nobody compressed', () => {
    const settings = () => ({ density: 0.1, blockSize: null, groups: [], valuePrecision: 'float32' as const });
    const link = preconditionByWindow({ rows: sparseWindow(settings, typedArrays), window: () => 2, rule: dampedInverse(() => 1) });
    assert.throws(() => link.update({ dense: new Float32Array(10), kept: undefined }, link.init(flatSpace(10)), [], 1), /withErrorFeedback/);
  });
});
