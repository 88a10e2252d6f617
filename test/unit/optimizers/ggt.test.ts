import assert from 'node:assert/strict';
import fc from 'fast-check';
import { symmetricEigen } from '../../../src/kernels/symmetricEigen';
import { denseWindow } from '../../../src/optimizers/preconditioners/denseWindow';
import { inverseRoot } from '../../../src/optimizers/preconditioners/inverseRoot';
import { preconditionByWindow } from '../../../src/optimizers/preconditioners/preconditionByWindow';
import { flatSpace } from '../kernels/flatSpace';
import { dot, norm, normalVector, relativeDistance } from '../kernels/randomVector';
import { settingsOf, takeSteps, trained } from './variants';

interface Options { readonly size: number; readonly epsilon: number; readonly beta2?: number }

/** (S^1/2 + epsilon I)^-1 c in float64, c being the row at `slot`, from the gram of the rows alone. */
function byGram(rows: readonly ArrayLike<number>[], slot: number, { size, epsilon, beta2 = 1 }: Options): Float64Array {
  const gram = new Float64Array(size * size);
  rows.forEach((row, index) => rows.forEach((other, column) => { gram[index * size + column] = dot(row, other); }));
  const rule = inverseRoot({ beta2: () => beta2, epsilon: () => epsilon });
  const coefficients = new Float64Array(size);
  rule.solve({ gram, size, filled: rows.length, slot }, rule.init(size), coefficients);
  return Float64Array.from({ length: rows[0]!.length }, (_, at) => rows.reduce((sum, row, index) => sum + coefficients[index]! * row[at]!, 0));
}

/** The same from S written out in full, `rows` oldest first and c the last; directions outside the rows are left alone. */
function byMatrix(rows: readonly ArrayLike<number>[], { epsilon, beta2 = 1 }: Omit<Options, 'size'>): Float64Array {
  const [c, d] = [rows.at(-1)!, rows[0]!.length];
  const vectors = new Float64Array(d * d);
  rows.forEach((row, index) => {
    const weight = beta2 ** (2 * (rows.length - 1 - index));
    for (let at = 0; at < d * d; at++) vectors[at]! += weight * row[Math.floor(at / d)]! * row[at % d]!;
  });
  const values = new Float64Array(d);
  symmetricEigen(vectors, d, values, new Float64Array(d));
  const along = Array.from(values, (value, column) => {
    const product = Array.from({ length: d }, (_, row) => vectors[row * d + column]! * c[row]!).reduce((sum, term) => sum + term, 0);
    return value > 1e-13 * values[d - 1]! ? product / (Math.sqrt(value) + epsilon) : 0;
  });
  return Float64Array.from({ length: d }, (_, row) => along.reduce((sum, value, column) => sum + value * vectors[row * d + column]!, 0));
}

/** Dense GGT that is fed gradients one by one and answers with u. */
function dense(dimension: number, { size, epsilon, beta2 = 1 }: Options) {
  const link = preconditionByWindow({ rows: denseWindow, window: () => size, rule: inverseRoot({ beta2: () => beta2, epsilon: () => epsilon }) });
  const state = link.init(flatSpace(dimension));
  return (gradient: Float32Array) => {
    const updates = { dense: gradient.slice(), kept: undefined };
    link.update(updates, state, [], 1);
    return updates.dense;
  };
}

describe('GGT', () => {
  for (const [dimension, size, epsilon, beta2] of [[30, 20, 1e-2, 1], [30, 20, 1e-5, 1], [12, 5, 1e-8, 0.9], [12, 5, 1, 0.5], [4, 9, 1e-3, 1], [6, 20, 1e-5, 0.99], [20, 1, 1e-5, 0.9], [1, 3, 0.1, 1]] as const) {
    const name = `d ${dimension}, window ${size}, epsilon ${epsilon}, beta2 ${beta2}`;

    it(`u is the inverse of the root of the sum of outer products, plus epsilon, times c: ${name}`, () => {
      for (let count = 1; count <= size; count += 2) {
        const rows = Array.from({ length: count }, (_, index) => normalVector(dimension, index + 1));
        assert.ok(relativeDistance(byGram(rows, count - 1, { size, epsilon, beta2 }), byMatrix(rows, { epsilon, beta2 })) < 1e-9, `${count} rows`);
      }
    });

    it(`three times round the ring: ${name}`, () => {
      const precondition = dense(dimension, { size, epsilon, beta2 });
      const gradients = Array.from({ length: 3 * size + 1 }, (_, step) => normalVector(dimension, step + 1));
      gradients.forEach((gradient, step) => {
        const u = precondition(gradient);
        if (step % 5 === 0) assert.ok(relativeDistance(u, byMatrix(gradients.slice(Math.max(0, step + 1 - size), step + 1), { epsilon, beta2 })) < 1e-6, `step ${step}`);
      });
    });
  }

  it('the first step is g / (|g| + epsilon)', () => {
    for (const [scale, epsilon] of [[1, 1e-5], [1e-6, 1e-5], [1e-30, 1e-8], [1e15, 1], [1e30, 1e-30], [1e-40, 1e-30]] as const) {
      const gradient = normalVector(50, 3, scale);
      assert.ok(relativeDistance(dense(50, { size: 10, epsilon })(gradient), gradient.map(value => value / (norm(gradient) + epsilon))) < 1e-6);
    }
  });

  it('n equal gradients give g / (sqrt(n) |g| + epsilon)', () => {
    for (const scale of [1e-20, 1, 1e15]) {
      const precondition = dense(50, { size: 9, epsilon: 1e-5 });
      const gradient = normalVector(50, 3, scale);
      for (let count = 1; count <= 9; count++) {
        assert.ok(relativeDistance(precondition(gradient), gradient.map(value => value / (Math.sqrt(count) * norm(gradient) + 1e-5))) < 1e-6, `${count} of them`);
      }
    }
  });

  it('with beta2, n equal gradients weigh beta2^(2 age)', () => {
    const precondition = dense(50, { size: 9, epsilon: 1e-5, beta2: 0.8 });
    const gradient = normalVector(50, 3);
    for (let count = 1; count <= 9; count++) {
      const weight = Array.from({ length: count }, (_, age) => 0.8 ** (2 * age)).reduce((sum, term) => sum + term, 0);
      assert.ok(relativeDistance(precondition(gradient), gradient.map(value => value / (Math.sqrt(weight) * norm(gradient) + 1e-5))) < 1e-6);
    }
  });

  it('with beta2 of zero only the newest counts', () => {
    const precondition = dense(20, { size: 4, epsilon: 0.1, beta2: 0 });
    for (let step = 1; step <= 9; step++) {
      const gradient = normalVector(20, step);
      assert.ok(relativeDistance(precondition(gradient), gradient.map(value => value / (norm(gradient) + 0.1))) < 1e-6);
    }
  });

  it('gradients orthogonal to the last one do not matter', () => {
    const precondition = dense(6, { size: 4, epsilon: 0.01 });
    const axis = (at: number, length: number) => Float32Array.from({ length: 6 }, (_, index) => index === at ? length : 0);
    precondition(axis(0, 5));
    precondition(axis(1, -3));
    assert.ok(relativeDistance(precondition(axis(2, 2)), axis(2, 2 / (2 + 0.01))) < 1e-7);
  });

  it('keeps the direction in which two rows differ, down to where the gram can still tell it', () => {
    for (const [difference, tolerance] of [[1e-2, 1e-10], [1e-4, 1e-6], [1e-6, 1e-2]] as const) {
      const epsilon = difference / 10;
      // S = [[2, x], [x, x^2]] for the rows (1, 0) and (1, x); its root is (S + sqrt(det) I) / sqrt(trace + 2 sqrt(det)).
      const root = Math.sqrt(2 + difference ** 2 + 2 * difference);
      const [a, b, c] = [(2 + difference) / root + epsilon, difference / root, (difference ** 2 + difference) / root + epsilon];
      const determinant = a * c - b * b;
      const expected = [(c - b * difference) / determinant, (a * difference - b) / determinant];
      assert.ok(relativeDistance(byGram([[1, 0], [1, difference]], 1, { size: 2, epsilon }), expected) < tolerance, `rows ${difference} apart`);
    }
  });

  it('rows that differ by the rounding of float32 count as one', () => {
    const gradient = normalVector(100, 1);
    const rounded = gradient.map((value, at) => value * (1 + (at % 3 - 1) * 2 ** -23));
    const u = byGram([gradient, rounded], 1, { size: 2, epsilon: 1e-5 });
    assert.ok(relativeDistance(u, gradient.map(value => value / (Math.SQRT2 * norm(gradient) + 1e-5))) < 1e-6);
  });

  it('an outlier in the window does not stop the gradients that follow', () => {
    const precondition = dense(30, { size: 4, epsilon: 1e-5 });
    precondition(normalVector(30, 1, 1e30));
    for (let step = 2; step <= 4; step++) {
      const gradient = normalVector(30, step);
      const u = precondition(gradient);
      assert.ok(dot(u, gradient) > 0.5 * norm(gradient) && norm(u) <= 1, `step ${step}: ${dot(u, gradient)} of ${norm(gradient)}`);
    }
  });

  it('a gradient of zeros, and a window of them, give zero', () => {
    const precondition = dense(10, { size: 3, epsilon: 1e-8 });
    assert.deepEqual(precondition(new Float32Array(10)), new Float32Array(10));
    precondition(normalVector(10, 1));
    assert.deepEqual(precondition(new Float32Array(10)), new Float32Array(10));
  });

  it('u is never longer than 1, and never points against the gradient', () => {
    const entry = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.double({ min: -1e30, max: 1e30, noNaN: true }), fc.constantFrom(1e-30, 1e-45, 3e37));
    const rows = fc.array(fc.array(entry, { minLength: 4, maxLength: 4 }).map(values => Float32Array.from(values)), { minLength: 1, maxLength: 7 });
    fc.assert(fc.property(rows, fc.constantFrom(1e-30, 1e-5, 1), fc.constantFrom(0.5, 1), (given, epsilon, beta2) => {
      const u = byGram(given, given.length - 1, { size: 8, epsilon, beta2 });
      assert.ok(norm(u) <= 1.01, `|u| = ${norm(u)}`);
      assert.ok(dot(u, given.at(-1)!) >= -0.01 * norm(given.at(-1)!));
    }), { numRuns: 500 });
  });

  it('does not depend on where in the ring the rows lie', () => {
    const rows = Array.from({ length: 6 }, (_, index) => normalVector(20, index + 1));
    const expected = byGram(rows, 5, { size: 6, epsilon: 1e-4, beta2: 0.9 });
    for (let shift = 1; shift < 6; shift++) {
      const turned = rows.map((_, index) => rows[(index - shift + 6) % 6]!);
      assert.ok(relativeDistance(byGram(turned, (5 + shift) % 6, { size: 6, epsilon: 1e-4, beta2: 0.9 }), expected) < 1e-12);
    }
  });

  it('S-GGT at density 1 is GGT, and has no residual', () => {
    for (const blockSize of [2, 64, null]) {
      const [sparse, whole] = [{ optimizer: 'sparse-ggt', window: 5, density: 1, blockSize } as const, { optimizer: 'ggt', window: 5 } as const].map(variant => trained({ ...variant, epsilon: 1e-3, beta2: 0.9 }, 317, 0));
      assert.equal(settingsOf({ optimizer: 'ggt' }).beta2, 1);
      for (let step = 1; step <= 12; step++) {
        const [ours, expected] = [takeSteps(sparse!.optimizer, sparse!.parameters, step, step), takeSteps(whole!.optimizer, whole!.parameters, step, step)];
        assert.ok(relativeDistance(ours, expected) < 1e-6, `step ${step}`);
      }
    }
  });
});
