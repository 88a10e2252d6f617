import assert from 'node:assert/strict';
import fc from 'fast-check';
import { factorCombination } from '../../../src/kernels/factorCombination';
import { factorDots } from '../../../src/kernels/factorDots';
import { leftColumn, rightColumn, type FactorLayout } from '../../../src/kernels/factorLayout';
import { orthonormalize } from '../../../src/kernels/gramSchmidt';
import { powerIteration } from '../../../src/kernels/powerIteration';
import { createPowerScratch } from '../../../src/optimizers/compressors/lowRank';
import { dot, norm, normalVector, relativeDistance } from './randomVector';

type Shape = readonly [rows: number, columns: number, rank: number];

/** Matrices, and tensors kept whole where the rank is 0, one after the other. */
function layoutOf(shapes: readonly Shape[]): FactorLayout {
  let [start, offset] = [0, 0];
  const tensors = shapes.map(([rows, columns, rank]) => {
    const place = { start, length: rows * columns, rows, columns, rank, offset };
    start += rows * columns;
    offset += rank === 0 ? rows * columns : rank * (rows + columns);
    return place;
  });
  return { dimension: start, length: offset, tensors };
}

/** Row `slot` written out, entry by entry, in float64. */
function written(layout: FactorLayout, factors: Float32Array, slot: number): Float64Array {
  const vector = new Float64Array(layout.dimension);
  const at = (index: number) => factors[slot * layout.length + index]!;
  for (const tensor of layout.tensors) {
    for (let entry = 0; entry < tensor.length; entry++) {
      const [row, column] = [Math.floor(entry / tensor.columns), entry % tensor.columns];
      for (let index = 0; index < tensor.rank; index++) vector[tensor.start + entry]! += at(leftColumn(tensor, index) + row) * at(rightColumn(tensor, index) + column);
      if (tensor.rank === 0) vector[tensor.start + entry] = at(tensor.offset + entry);
    }
  }
  return vector;
}

const tables: readonly (readonly Shape[])[] = [
  [[3, 4, 2]], [[1, 7, 0]], [[1, 1, 1]], [[16, 256, 4]], [[17, 257, 5]], [[33, 6, 3], [1, 40, 0], [5, 300, 1], [6, 2, 0], [9, 9, 8]], [[1, 5000, 0], [2, 2, 1]], [],
];

describe('low-rank rows', () => {
  for (const shapes of tables) {
    const layout = layoutOf(shapes);
    const name = JSON.stringify(shapes);
    const window = (count: number) => normalVector(count * layout.length, 7);

    it(`their combination is that of the rows written out: ${name}`, () => {
      for (const count of [1, 2, 5, 9]) {
        const [factors, coefficients] = [window(count), Float64Array.from(normalVector(count, count), (value, at) => at === 3 ? 0 : value)];
        const rows = Array.from({ length: count }, (_, slot) => written(layout, factors, slot));
        for (const keep of [0, 1, -2]) {
          const vector = normalVector(layout.dimension, 9);
          const expected = Float64Array.from(vector, (value, at) => keep * value + rows.reduce((sum, row, slot) => sum + coefficients[slot]! * row[at]!, 0));
          factorCombination(layout, factors, coefficients, count, vector, keep);
          assert.ok(relativeDistance(vector, expected) < 1e-7, `${count} rows, keep ${keep}`);
        }
      }
    });

    it(`dot products without writing out are those of the rows written out: ${name}`, () => {
      for (const count of [1, 2, 5]) {
        const factors = window(count);
        const rows = Array.from({ length: count }, (_, slot) => written(layout, factors, slot));
        for (let slot = 0; slot < count; slot++) {
          const dots = new Float64Array(count + 1).fill(5);
          factorDots(layout, factors, factors.subarray(slot * layout.length, (slot + 1) * layout.length), count, dots);
          rows.forEach((row, other) => assert.ok(Math.abs(dots[other]! - dot(row, rows[slot]!)) <= 1e-12 * norm(row) * norm(rows[slot]!)));
          assert.equal(dots[count], 5, 'only the first rows');
        }
      }
    });
  }

  it('a combination beyond float32 stays at its largest number', () => {
    const vector = new Float32Array(4);
    factorCombination(layoutOf([[2, 2, 1]]), Float32Array.of(1, -1, 3e38, 1), Float64Array.of(2), 1, vector);
    assert.deepEqual(vector, Float32Array.of(3.4028234663852886e38, 2, -3.4028234663852886e38, -2));
  });
});

describe('Gram-Schmidt', () => {
  const check = (vectors: Float64Array, count: number, length: number) => {
    for (let one = 0; one < count; one++) {
      for (let other = 0; other <= one; other++) {
        const product = dot(vectors.subarray(one * length, (one + 1) * length), vectors.subarray(other * length, (other + 1) * length));
        assert.ok(Math.abs(product - (one === other ? 1 : 0)) < 1e-14, `${one} . ${other} = ${product}`);
      }
    }
  };

  it('makes random vectors orthonormal, each in the span of those up to it, at any scale', () => {
    for (const scale of [1e-90, 1, 1e90]) {
      const given = Float64Array.from(normalVector(5 * 20, 1), value => scale * value);
      const vectors = given.slice();
      orthonormalize(vectors, 5, 20);
      check(vectors, 5, 20);
      for (let index = 0; index < 5; index++) {
        const original = given.subarray(20 * index, 20 * index + 20);
        const rebuilt = new Float64Array(20);
        for (let other = 0; other <= index; other++) {
          const unit = vectors.subarray(20 * other, 20 * other + 20);
          const along = dot(unit, original);
          unit.forEach((value, at) => { rebuilt[at]! += along * value; });
        }
        assert.ok(relativeDistance(rebuilt.map(value => value / scale), original.map(value => value / scale)) < 1e-14);
      }
    }
  });

  it('stays orthonormal where the vectors are nearly dependent', () => {
    const first = normalVector(30, 1);
    const vectors = Float64Array.from([...first, ...first.map((value, at) => at === 3 ? value * (1 + 1e-6) : value), ...normalVector(30, 2)]);
    orthonormalize(vectors, 3, 30);
    check(vectors, 3, 30);
  });

  it('makes dependent vectors, and zeros, zero', () => {
    const vectors = Float64Array.of(3, 4, 0, 0, -6, -8, 0, 0, 0, 0, 0, 0, 1, 1, 0, 2);
    orthonormalize(vectors, 4, 4);
    assert.deepEqual([...vectors.subarray(0, 12)], [0.6, 0.8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert.ok(Math.abs(norm(vectors.subarray(12)) - 1) < 1e-15 && Math.abs(dot(vectors.subarray(12), vectors.subarray(0, 4))) < 1e-15);
  });
});

describe('power iteration', () => {
  interface Approximation { readonly factors: Float32Array; readonly approximation: Float64Array; readonly left: Float32Array[] }

  function approximate(matrix: Float32Array, [rows, columns, rank]: Shape, steps: number): Approximation {
    const layout = layoutOf([[rows, columns, rank]]);
    const place = layout.tensors[0]!;
    const factors = new Float32Array(layout.length);
    for (let step = 1; step <= steps; step++) powerIteration(matrix, place, factors, createPowerScratch(layout), step);
    return { factors, approximation: written(layout, factors, 0), left: Array.from({ length: rank }, (_, index) => factors.slice(leftColumn(place, index), leftColumn(place, index) + rows)) };
  }

  /** The sum of `strengths[i]` times orthonormal directions on either side. */
  function matrixOf(rows: number, columns: number, strengths: readonly number[]): Float32Array {
    const [left, right] = [Float64Array.from(normalVector(strengths.length * rows, 1)), Float64Array.from(normalVector(strengths.length * columns, 2))];
    orthonormalize(left, strengths.length, rows);
    orthonormalize(right, strengths.length, columns);
    return Float32Array.from({ length: rows * columns }, (_, at) =>
      strengths.reduce((sum, strength, index) => sum + strength * left[index * rows + Math.floor(at / columns)]! * right[index * columns + at % columns]!, 0));
  }

  it('the columns of P are orthonormal, and P Q^T is the projection of M on them', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 2, max: 20 }), fc.integer({ min: 1, max: 5 }), fc.integer(), (rows, columns, wanted, seed) => {
      const rank = Math.min(wanted, rows - 1, columns - 1);
      const matrix = normalVector(rows * columns, seed);
      const { left, approximation } = approximate(matrix, [rows, columns, rank], 2);
      left.forEach((one, index) => left.forEach((other, at) => assert.ok(Math.abs(dot(one, other) - (index === at ? 1 : 0)) < 1e-6)));
      const projection = new Float64Array(rows * columns);
      for (const unit of left) {
        for (let column = 0; column < columns; column++) {
          const along = unit.reduce((sum, value, row) => sum + value * matrix[row * columns + column]!, 0);
          unit.forEach((value, row) => { projection[row * columns + column]! += along * value; });
        }
      }
      assert.ok(relativeDistance(approximation, projection) < 1e-6);
      assert.ok(norm(matrix.map((value, at) => value - approximation[at]!)) <= norm(matrix));
    }), { numRuns: 100 });
  });

  it('finds a matrix of its rank in one step', () => {
    for (const [rows, columns, strengths] of [[9, 14, [5]], [14, 9, [3, 2, 1]], [300, 20, [1, 1, 1, 1]]] as const) {
      const matrix = matrixOf(rows, columns, strengths);
      assert.ok(relativeDistance(approximate(matrix, [rows, columns, strengths.length], 1).approximation, matrix) < 1e-5);
      assert.ok(relativeDistance(approximate(matrix, [rows, columns, strengths.length], 9).approximation, matrix) < 1e-6);
    }
  });

  it('comes close to the largest directions with steps on the same matrix', () => {
    const matrix = matrixOf(30, 20, [10, 8, 6, 1, 0.5, 0.5, 0.1]);
    const best = Math.sqrt(1 + 0.25 + 0.25 + 0.01);
    const errors = [1, 2, 8].map(steps => norm(matrix.map((value, at) => value - approximate(matrix, [30, 20, 3], steps).approximation[at]!)));
    assert.ok(errors[0]! >= errors[1]! && errors[1]! >= errors[2]! && errors[2]! < best * 1.0001 && errors[2]! > best * 0.9999, `${errors.join(', ')}; best ${best}`);
  });

  it('columns beyond the rank of the matrix are zero in both factors, and find new directions later', () => {
    const layout = layoutOf([[6, 8, 3]]);
    const [place, factors, scratch] = [layout.tensors[0]!, new Float32Array(layout.length), createPowerScratch(layout)];
    const outer = Float32Array.from({ length: 48 }, (_, at) => (1 + Math.floor(at / 8)) * (at % 8 - 3));
    powerIteration(outer, place, factors, scratch, 1);
    assert.ok(relativeDistance(written(layout, factors, 0), outer) < 1e-6);
    for (const index of [1, 2]) {
      assert.ok(factors.subarray(leftColumn(place, index), leftColumn(place, index) + 6).every(value => value === 0));
      assert.ok(factors.subarray(rightColumn(place, index), rightColumn(place, index) + 8).every(value => value === 0));
    }
    const three = matrixOf(6, 8, [3, 2, 1]);
    powerIteration(three, place, factors, scratch, 2);
    assert.ok(relativeDistance(written(layout, factors, 0), three) < 1e-4);
  });

  it('a matrix of zeros has factors of zeros, and the next is found again', () => {
    const layout = layoutOf([[6, 8, 2]]);
    const [place, factors, scratch] = [layout.tensors[0]!, new Float32Array(layout.length), createPowerScratch(layout)];
    const two = matrixOf(6, 8, [2, 1]);
    powerIteration(two, place, factors, scratch, 1);
    powerIteration(new Float32Array(48), place, factors, scratch, 2);
    assert.ok(factors.every(value => value === 0));
    powerIteration(two, place, factors, scratch, 3);
    assert.ok(relativeDistance(written(layout, factors, 0), two) < 1e-4);
  });

  it('works at any scale of float32', () => {
    for (const scale of [1e-30, 1e-10, 1e10, 1e37]) {
      const matrix = matrixOf(12, 10, [3, 2]).map(value => value * scale);
      assert.ok(relativeDistance(approximate(matrix, [12, 10, 2], 5).approximation.map(value => value / scale), matrix.map(value => value / scale)) < 1e-5, `scale ${scale}`);
    }
    for (const scale of [1e-45, 3e38]) assert.ok(approximate(new Float32Array(200 * 100).fill(scale), [200, 100, 2], 5).factors.every(Number.isFinite));
  });
});
