import assert from 'node:assert/strict';
import { denseCombination } from '../../../src/kernels/denseCombination';
import { denseDots } from '../../../src/kernels/denseDots';
import type { Precision } from '../../../src/kernels/panelLayout';
import { readRow } from '../../../src/kernels/rowStorage';
import { typedArrays } from '../../../src/kernels/typedArrays';
import { keptOf, layoutOf, rowsOf } from './flatSpace';
import { dot, normalVector, relativeDistance } from './randomVector';

/** Rows of one kind, with the same rows written out in full beside them. */
interface Rows {
  readonly full: Float32Array[];
  /** A vector that the rows can be multiplied with. */
  vector(seed: number): { vector: Float32Array; readonly dots: (count: number, dots: Float64Array) => void };
  combine(coefficients: Float64Array, count: number, vector: Float32Array): void;
}

function denseRows(count: number, dimension: number): Rows {
  const rows = normalVector(count * dimension, 11);
  return {
    full: Array.from({ length: count }, (_, row) => rows.slice(row * dimension, (row + 1) * dimension)),
    vector: seed => {
      const vector = normalVector(dimension, seed);
      return { vector, dots: (first, dots) => denseDots(rows, vector, first, dots) };
    },
    combine: (coefficients, first, vector) => denseCombination(rows, coefficients, first, vector),
  };
}

function sparseRows(count: number, dimension: number, density: number, blockSize: number | null, precision: Precision = 'float32'): Rows {
  const layout = layoutOf(dimension, density, blockSize);
  const rows = rowsOf(Array.from({ length: count }, (_, row) => normalVector(dimension, 100 + row)), layout, precision);
  const full = Array.from({ length: count }, (_, row) => {
    const vector = new Float32Array(dimension);
    readRow(rows, row, vector);
    return vector;
  });
  return {
    full, vector: seed => {
      const kept = keptOf(normalVector(dimension, seed), layout, precision);
      const vector = new Float32Array(dimension);
      typedArrays.expand(kept, vector);
      return { vector, dots: (first, dots) => typedArrays.dots(rows, kept, first, dots) };
    },
    combine: (coefficients, first, vector) => typedArrays.combine(rows, coefficients, first, vector),
  };
}

const kinds: Record<string, () => Rows> = {
  'dense, 1 row of 1': () => denseRows(1, 1),
  'dense, 7 rows of 4099': () => denseRows(7, 4099),
  'dense, 4 rows of 9000': () => denseRows(4, 9000),
  'sparse, blocks of 2': () => sparseRows(5, 101, 0.5, 2),
  'sparse, blocks of 64 with a tail': () => sparseRows(6, 1000, 0.1, 64),
  'sparse, blocks of 20,000, longer than a tile': () => sparseRows(3, 50_001, 0.02, 20_000),
  'sparse, one global block of 70,000': () => sparseRows(3, 70_000, 0.01, null),
  'sparse, density 1': () => sparseRows(3, 500, 1, 128),
  'sparse, bfloat16': () => sparseRows(6, 40_000, 0.05, 16_384, 'bfloat16'),
};

for (const [kind, make] of Object.entries(kinds)) {
  describe(`rows: ${kind}`, () => {
    const rows = make();
    const dimension = rows.full[0]!.length;
    const count = rows.full.length;

    it('dots are the dot products with the full rows', () => {
      const { vector, dots: multiply } = rows.vector(2);
      const dots = new Float64Array(count).fill(9);
      multiply(count, dots);
      assert.ok(relativeDistance(dots, rows.full.map(row => dot(row, vector))) < 1e-12);
    });

    it('a combination is the sum of the full rows', () => {
      const coefficients = Float64Array.from({ length: count }, (_, row) => row - 1.5);
      const vector = normalVector(dimension, 4);
      rows.combine(coefficients, count, vector);
      const expected = Float64Array.from({ length: dimension }, (_, at) => rows.full.reduce((sum, row, index) => sum + coefficients[index]! * row[at]!, 0));
      assert.ok(relativeDistance(vector, expected) < 1e-7);
    });

    it('a unit coefficient gives back its row, bit for bit', () => {
      const coefficients = new Float64Array(count);
      coefficients[count - 1] = 1;
      const vector = normalVector(dimension, 5);
      rows.combine(coefficients, count, vector);
      assert.deepEqual(vector.map(value => value + 0), rows.full[count - 1]!.map(value => value + 0));
    });

    it('rows beyond the count are left out', () => {
      const dots = new Float64Array(count).fill(9);
      const { vector, dots: multiply } = rows.vector(6);
      multiply(count - 1, dots);
      assert.equal(dots[count - 1], 9);
      rows.combine(new Float64Array(count).fill(1), 0, vector);
      assert.ok(vector.every(value => value === 0));
    });
  });
}
