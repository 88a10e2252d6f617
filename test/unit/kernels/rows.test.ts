import assert from 'node:assert/strict';
import { blockTopK } from '../../../src/kernels/blockTopK';
import { denseCombination } from '../../../src/kernels/denseCombination';
import { denseDots } from '../../../src/kernels/denseDots';
import { scatterRow } from '../../../src/kernels/scatterRow';
import { sparseCombination } from '../../../src/kernels/sparseCombination';
import { sparseDots } from '../../../src/kernels/sparseDots';
import { indicesFor, layoutOf } from '../../../src/optimizers/compressors/layoutOf';
import { dot, normalVector, relativeDistance } from './randomVector';

/** Rows of one kind, with the same rows written out in full beside them. */
interface Rows {
  readonly full: Float32Array[];
  dots(vector: Float32Array, count: number, dots: Float64Array): void;
  combine(coefficients: Float64Array, count: number, vector: Float32Array): void;
}

function denseRows(count: number, dimension: number): Rows {
  const rows = normalVector(count * dimension, 11);
  return {
    full: Array.from({ length: count }, (_, row) => rows.slice(row * dimension, (row + 1) * dimension)),
    dots: (vector, first, dots) => denseDots(rows, vector, first, dots),
    combine: (coefficients, first, vector) => denseCombination(rows, coefficients, first, vector),
  };
}

function sparseRows(count: number, dimension: number, density: number, blockSize: number | null): Rows {
  const layout = layoutOf(dimension, density, blockSize);
  const values = new Float32Array(count * layout.kept);
  const indices = indicesFor(layout, count * layout.kept);
  const full = Array.from({ length: count }, (_, row) => {
    const from = row * layout.kept;
    blockTopK(normalVector(dimension, 100 + row), layout, values.subarray(from, from + layout.kept), indices.subarray(from, from + layout.kept));
    const vector = new Float32Array(dimension);
    scatterRow(layout, values, indices, row, vector);
    return vector;
  });
  return {
    full,
    dots: (vector, first, dots) => sparseDots(layout, values, indices, vector, first, dots),
    combine: (coefficients, first, vector) => sparseCombination(layout, values, indices, coefficients, first, vector),
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
};

for (const [kind, make] of Object.entries(kinds)) {
  describe(`rows: ${kind}`, () => {
    const rows = make();
    const dimension = rows.full[0]!.length;
    const count = rows.full.length;

    it('dots are the dot products with the full rows', () => {
      const vector = normalVector(dimension, 2);
      const dots = new Float64Array(count).fill(9);
      rows.dots(vector, count, dots);
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
      const vector = normalVector(dimension, 6);
      rows.dots(vector, count - 1, dots);
      assert.equal(dots[count - 1], 9);
      rows.combine(new Float64Array(count).fill(1), 0, vector);
      assert.ok(vector.every(value => value === 0));
    });
  });
}
