import assert from 'node:assert/strict';
import fc from 'fast-check';
import { symmetricEigen } from '../../../src/kernels/symmetricEigen';
import { normalVector, uniform } from './randomVector';

interface Decomposition { readonly values: Float64Array; readonly vectors: Float64Array }

function decompose(matrix: Float64Array, n: number): Decomposition {
  const [vectors, values] = [matrix.slice(), new Float64Array(n)];
  symmetricEigen(vectors, n, values, new Float64Array(n));
  return { values, vectors };
}

function symmetric(n: number, entry: (row: number, column: number) => number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    return entry(Math.max(row, column), Math.min(row, column));
  });
}

/** G G^T of `n` random rows of `rank` entries. */
function gram(n: number, rank: number, seed: number): Float64Array {
  const rows = Array.from({ length: n }, (_, row) => normalVector(rank, 100 * seed + row));
  return symmetric(n, (row, column) => rows[row]!.reduce((sum, value, at) => sum + value * rows[column]![at]!, 0));
}

const largestOf = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** A V = V diag(values), V^T V = I, values ascend: each to `tolerance`, relative to the largest entry of the matrix. */
function check(matrix: Float64Array, n: number, tolerance = 1e-13 * n): Decomposition {
  const { values, vectors } = decompose(matrix, n);
  const largest = Math.max(largestOf(matrix), Number.MIN_VALUE);
  for (let column = 0; column < n; column++) {
    const vector = Float64Array.from({ length: n }, (_, row) => vectors[row * n + column]!);
    for (let row = 0; row < n; row++) {
      const product = vector.reduce((sum, value, at) => sum + matrix[row * n + at]! / largest * value, 0);
      const expected = values[column]! / largest * vector[row]!;
      assert.ok(Math.abs(product - expected) <= tolerance, `row ${row} of A v_${column}: ${product}, not ${expected}`);
    }
    for (let other = 0; other <= column; other++) {
      const product = vector.reduce((sum, value, at) => sum + value * vectors[at * n + other]!, 0);
      assert.ok(Math.abs(product - (other === column ? 1 : 0)) <= tolerance, `v_${column} . v_${other} = ${product}`);
    }
    assert.ok(column === 0 || values[column - 1]! <= values[column]!, 'ascending');
  }
  return { values, vectors };
}

function close(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, at) => assert.ok(Math.abs(actual[at]! - value) <= tolerance, `value ${at}: ${actual[at]}, not ${value}`));
}

describe('symmetric eigenvalues', () => {
  it('of a matrix worked by hand: [[2, 1], [1, 2]] has 1 along (1, -1) and 3 along (1, 1)', () => {
    const { values, vectors } = check(Float64Array.of(2, 1, 1, 2), 2);
    close(values, [1, 3], 1e-15);
    assert.ok(Math.abs(vectors[0]! + vectors[2]!) < 1e-15 && Math.abs(vectors[1]! - vectors[3]!) < 1e-15);
  });

  it('of the second difference matrix are 2 - 2 cos(k pi / (n + 1))', () => {
    for (const n of [1, 2, 3, 10, 57]) {
      const { values } = check(symmetric(n, (row, column) => row === column ? 2 : row - column === 1 ? -1 : 0), n);
      close(values, Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos((k + 1) * Math.PI / (n + 1))), 1e-14 * n);
    }
  });

  it('hold for any symmetric matrix', () => {
    const matrix = fc.integer({ min: 1, max: 9 }).chain(n => fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e3, max: 1e3, noNaN: true }).map(value => Math.abs(value) < 1e-300 ? 0 : value)), { minLength: n * n, maxLength: n * n })
      .map(entries => ({ n, matrix: symmetric(n, (row, column) => entries[row * n + column]!) })));
    fc.assert(fc.property(matrix, ({ n, matrix: entries }) => { check(entries, n, 1e-12); }), { numRuns: 300 });
  });

  it('hold at any size and rank', () => {
    for (const [n, rank] of [[1, 1], [2, 1], [5, 2], [30, 30], [40, 7], [64, 1], [100, 200]] as const) {
      const { values } = check(gram(n, rank, 1), n);
      assert.equal([...values].filter(value => value > 1e-12 * values[n - 1]!).length, Math.min(n, rank));
    }
  });

  it('hold where eigenvalues repeat', () => {
    const n = 24;
    const reflection = normalVector(n, 5);
    const squares = reflection.reduce((sum, value) => sum + value * value, 0);
    const spectrum = Array.from({ length: n }, (_, at) => Math.floor(at / 8) - 1);
    const turned = (row: number, at: number) => (row === at ? 1 : 0) - 2 * reflection[row]! * reflection[at]! / squares;
    const matrix = symmetric(n, (row, column) => spectrum.reduce((sum, value, at) => sum + turned(row, at) * value * turned(column, at), 0));
    close(check(matrix, n).values, spectrum, 1e-13);
    close(check(symmetric(n, () => 1), n).values, [...Array.from({ length: n - 1 }, () => 0), n], 1e-13);
    close(check(symmetric(n, (row, column) => row === column ? 7 : 0), n).values, Array.from({ length: n }, () => 7), 0);
  });

  it('of the zero matrix are zero, with unit vectors', () => {
    const { values, vectors } = check(new Float64Array(25), 5);
    assert.ok(values.every(value => value === 0));
    assert.deepEqual(vectors, symmetric(5, (row, column) => row === column ? 1 : 0));
    decompose(new Float64Array(0), 0);
  });

  it('hold at any scale, from 1e-300 to 1e300', () => {
    const [n, matrix] = [20, gram(20, 30, 2)];
    const { values } = check(matrix, n);
    for (const scale of [1e-300, 1e-30, 1e-10, 1e30, 1e150, 1e300]) {
      const scaled = check(matrix.map(value => scale * value), n);
      assert.ok(scaled.values.every((value, at) => Math.abs(value / scale - values[at]!) < 1e-12 * values[n - 1]!));
    }
  });

  it('keep the small eigenvalues of a matrix graded from small to large', () => {
    const n = 12;
    const grades = Float64Array.from({ length: n }, (_, at) => 10 ** (4 * at - 40));
    const next = uniform(3);
    const mixed = symmetric(n, (row, column) => row === column ? 2 : 0.2 * (next() - 0.5));
    const { values } = decompose(symmetric(n, (row, column) => grades[row]! * mixed[row * n + column]! * grades[column]!), n);
    values.forEach((value, at) => assert.ok(value > 1.8 * grades[at]! ** 2 && value < 2.1 * grades[at]! ** 2, `value ${at}: ${value}`));
  });

  it('reads the lower triangle only', () => {
    const matrix = gram(6, 6, 3);
    const lower = matrix.map((value, at) => at % 6 > Math.floor(at / 6) ? 1e9 : value);
    assert.deepEqual(decompose(lower, 6).values, decompose(matrix, 6).values);
  });

  it('refuses what is not finite', () => {
    for (const entry of [Number.NaN, Infinity, -Infinity]) assert.throws(() => decompose(Float64Array.of(1, 0, entry, 1), 2), /finite/);
  });
});
