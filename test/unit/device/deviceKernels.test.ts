import { fill, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromBfloat16 } from '../../../src/kernels/bfloat16';
import { blockTopK, combineRows, copyRow, expandRow, packBfloat16, packIndices, powerOfTwo, rowDots, unpackBfloat16, unpackIndices } from '../../../src/kernels/device/deviceKernels';
import { readRow } from '../../../src/kernels/device/deviceRows';
import type { RowFormat } from '../../../src/kernels/device/rowFormat';
import { packs } from '../../../src/settings/devicePlacement';
import { roundToBfloat16 } from '../../../src/kernels/bfloat16';
import { absoluteIndices, keptOf, layoutOf } from '../kernels/flatSpace';
import { dot, normalVector, uniform } from '../kernels/randomVector';
import { leavingNothing, onEachBackend, take } from './backends';
import { denseRows, disposeRows, flatLayout, sparseRows } from './deviceRows';

// No numbers below 2^-126: a GPU may take them for zero.
const awkward = fc.constantFrom(0, -0, 1.2e-38, -1.2e-38, 1, -1, 1.0000001, 0.5, -0.5, 3e38, -3e38);
const entry = fc.oneof(awkward, fc.float({ noNaN: true, noDefaultInfinity: true }).map(value => Math.abs(value) < 2 ** -126 ? 0 : value));
const density = fc.constantFrom(0.01, 0.1, 0.33, 0.99, 1);
const blockSize = fc.constantFrom(null, 2, 3, 64, 257, 65_536);
const numRuns = 25;

/** The largest power of two that is not above any magnitude, 0 below 2^-126. */
function powerOf(values: ArrayLike<number>): number {
  const largest = Array.from(values).reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  let power = largest < 2 ** -126 ? 0 : 2 ** -126;
  while (power > 0 && 2 * power <= largest) power *= 2;
  return power;
}

/** Rows whose sizes lie far apart, the last nearly a multiple of the first. */
function vectorsOf(count: number, dimension: number): Float32Array[] {
  const scales = [1, 3e37, 1e-30, 1e-5, 7e20];
  const vectors = Array.from({ length: count }, (_, row) => normalVector(dimension, 31 + row, scales[row % scales.length]));
  return [...vectors, vectors[0]!.map((value, at) => value * (1 + 1e-6 * (at % 3)))];
}

onEachBackend('device kernels', backend => {
  it('block Top-K keeps what it keeps on the host', async () => {
    await fc.assert(fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 700 }), density, blockSize, async (entries, kept, size) => {
      await assertTopK(Float32Array.from(entries), kept, size);
    }), { numRuns });
  });

  it('block Top-K of long blocks, of many equal entries, and of several blocks with a tail', async () => {
    const vector = normalVector(5000, 7).map((value, at) => at % 13 === 0 ? 0 : value);
    for (const [kept, size] of [[0.001, null], [0.02, 4096], [0.3, 1024], [0.95, 2000]] as const) await assertTopK(vector, kept, size);
    await assertTopK(Float32Array.from({ length: 2000 }, (_, at) => at % 2 === 0 ? 2 : -2), 0.3, null);
  });

  async function assertTopK(vector: Float32Array, kept: number, size: number | null): Promise<void> {
    const host = keptOf(vector, layoutOf(vector.length, kept, size));
    await leavingNothing(async () => {
      const [x, layout] = [tensor1d(vector, 'float32'), flatLayout(vector.length, kept, size)];
      const row = blockTopK(x, layout);
      assert.deepEqual([...await take(row.indices)], absoluteIndices(host));
      assert.deepEqual([...await take(row.values)].map(positiveZero), [...host.values].map(positiveZero));
      x.dispose();
      layout.runTable.dispose();
    });
  }

  it('the power of two below the largest magnitude, and what is not finite', async () => {
    const cases: [number[], number][] = [[[0, 0], 0], [[1], 1], [[-0.75, 0.1], 0.5], [[3.4e38], 2 ** 127], [[2 ** -126], 2 ** -126], [[4, -4.5, 3], 4]];
    for (const [values, power] of cases) assert.deepEqual([...await take(tidy(() => powerOfTwo(tensor1d(values, 'float32'))))], [power], String(values));
    for (const length of [4096, 4097, 50_000]) {
      const vector = normalVector(length, 3);
      assert.equal((await take(tidy(() => powerOfTwo(tensor1d(vector, 'float32')))))[0], powerOf(vector));
      for (const bad of [Number.NaN, Infinity, -Infinity]) {
        vector[length - 1] = bad;
        assert.ok(!Number.isFinite((await take(tidy(() => powerOfTwo(tensor1d(vector, 'float32')))))[0]!), `${length} ${bad}`);
      }
    }
  });

  it('copies rows, into a window and out of it, and leaves the others alone', async () => {
    const source = Float32Array.from({ length: 12 }, (_, at) => at + 1);
    const values = await leavingNothing(async () => take(tidy(() => copyRow(copyRow(fill([3, 4], 0), 2, tensor2d(source, [3, 4]), 0), 0, tensor2d(source, [3, 4]), 2))));
    assert.deepEqual([...values], [9, 10, 11, 12, 0, 0, 0, 0, 1, 2, 3, 4]);
  });

  it('a window that has been read shows what is copied into it afterwards', async () => {
    await leavingNothing(async () => {
      const rows = fill([2, 2], 0);
      assert.deepEqual([...await rows.data()], [0, 0, 0, 0]);
      const next = tidy(() => copyRow(rows, 1, tensor2d([7, 8], [1, 2]), 0));
      rows.dispose();
      assert.deepEqual([...await take(next)], [0, 0, 7, 8]);
    });
  });

  it('expands a row to what the host expands it to', async () => {
    const values = await leavingNothing(async () => take(tidy(() => expandRow({ values: tensor1d([5, -2]), indices: tensor1d([1, 6], 'int32') }, 8))));
    assert.deepEqual([...values], [0, 5, 0, 0, 0, 0, -2, 0]);
  });

  for (const dimension of [1, 700, 9001]) {
    const vectors = vectorsOf(6, dimension);
    const weights = weightsOf(vectors.length);

    it(`dots of dense rows are those of float64, ${dimension} entries`, async () => {
      const dense = normalVector(dimension, 99, 1e-12);
      await leavingNothing(async () => {
        const rows = denseRows(vectors);
        assertDots(await dotsOf(rows, dense), vectors, dense);
        disposeRows(rows);
      });
    });

    it(`combinations of dense rows are those of float64, ${dimension} entries`, async () => {
      await leavingNothing(async () => {
        const rows = denseRows(vectors);
        assertCombination(await combinationOf(rows, weights, dimension), vectors, weights);
        disposeRows(rows);
      });
    });

    for (const [kept, size] of [[0.05, 64], [0.3, null], [1, 1000], [0.4, 3]] as const) {
      for (const format of formatsOn(backend)) {
        it(`dots and combinations of sparse rows with indices of ${format.packedIndices ? 2 : 4} bytes and values of ${format.packedValues ? 2 : 4} are those of float64, ${dimension} entries, density ${kept}, blocks of ${size ?? 'any length'}`, async () => {
          const hostLayout = layoutOf(dimension, kept, size);
          const kepts = vectors.map(vector => keptOf(vector, hostLayout));
          const inFull = kepts.map(row => {
            const vector = new Float32Array(dimension);
            absoluteIndices(row).forEach((index, at) => { vector[index] = format.packedValues ? fromBfloat16(roundToBfloat16(bitsOf(row.values[at]!))) : row.values[at]!; });
            return vector;
          });
          await leavingNothing(async () => {
            const sparse = { layout: flatLayout(dimension, kept, size), format };
            const rows = sparseRows(kepts, sparse);
            const dense = normalVector(dimension, 99, 1e20);
            for (const slot of [0, vectors.length - 1]) assert.deepEqual([...await take(readRow(rows, slot, sparse))].map(positiveZero), [...inFull[slot]!].map(positiveZero));
            assertDots(await dotsOf(rows, dense, sparse), inFull, dense);
            assertCombination(await combinationOf(rows, weights, dimension, sparse), inFull, weights);
            disposeRows(rows);
            sparse.layout.runTable.dispose();
          });
        });
      }
    }
  }

  async function dotsOf(rows: Parameters<typeof rowDots>[0], dense: Float32Array, sparse?: Parameters<typeof rowDots>[4]): Promise<number[]> {
    const count = rows.powers.size;
    const parts = await take(tidy(() => {
      const vector = tensor1d(dense, 'float32');
      return rowDots(rows, vector, powerOfTwo(vector), count, sparse);
    }));
    const each = parts.length / count;
    return Array.from({ length: count }, (_, row) => parts.subarray(row * each, (row + 1) * each).reduce((sum, part) => sum + part, 0));
  }

  async function combinationOf(rows: Parameters<typeof combineRows>[0], weights: Float64Array, dimension: number, sparse?: Parameters<typeof combineRows>[4]): Promise<Float32Array> {
    return take(tidy(() => combineRows(rows, tensor2d(Float32Array.from([...weights].flatMap(weight => [weight, weight - Math.fround(weight)])), [weights.length, 2]), 8, dimension, sparse)));
  }

  if (!packs(backend)) return;

  it('bfloat16 packs to what the host rounds to, and back', async () => {
    await fc.assert(fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 300 }), async entries => {
      const expected = entries.map(value => fromBfloat16(roundToBfloat16(bitsOf(Math.fround(value)))));
      const values = await leavingNothing(async () => take(tidy(() => unpackBfloat16(packBfloat16(tensor1d(entries, 'float32')), entries.length))));
      assert.deepEqual([...values].map(positiveZero), expected.map(positiveZero));
    }), { numRuns });
  });

  it('bfloat16 rounds what lies half-way to the even one, and nothing to infinity', async () => {
    const values = [1 + 2 ** -8, 1 + 3 * 2 ** -8, -1 - 2 ** -8, -1 - 3 * 2 ** -8, 3.4028234e38, -3.4028234e38, 1 + 2 ** -7];
    const packedAndBack = await take(tidy(() => unpackBfloat16(packBfloat16(tensor1d(values, 'float32')), values.length)));
    assert.deepEqual([...packedAndBack], [1, 1 + 2 ** -6, -1, -1 - 2 ** -6, 2 ** 127 * (2 - 2 ** -7), -(2 ** 127) * (2 - 2 ** -7), 1 + 2 ** -7]);
  });

  it('indices survive being packed relative to their blocks, beyond 32,767 and in the tail', async () => {
    const layout = flatLayout(65_536 + 40_000, 5 / 65_536, 65_536);
    const indices = [0, 3, 40_000, 65_534, 65_535, 65_536, 65_537, 105_000, 105_535];
    assert.equal(layout.kept, indices.length);
    const unpacked = await take(tidy(() => unpackIndices(packIndices(tensor1d(indices, 'int32'), layout), layout)));
    assert.deepEqual([...unpacked], indices);
    layout.runTable.dispose();
  });
});

function formatsOn(backend: string): RowFormat[] {
  const wide = { packedIndices: false, packedValues: false };
  return packs(backend) ? [wide, { ...wide, packedIndices: true }, { packedIndices: true, packedValues: true }] : [wide];
}

/** Weights that nearly cancel between the first row and the last, which are nearly the same; the magnitudes add up to less than 2. */
function weightsOf(count: number): Float64Array {
  const next = uniform(5);
  const weights = Float64Array.from({ length: count }, () => 1e-4 * (next() - 0.5));
  weights[0] = 0.7123456789;
  weights[count - 1] = -0.7123456781;
  return weights;
}

/** Relative to the products' magnitudes, which is what rounding can be relative to. */
function assertDots(dots: readonly number[], rows: readonly Float32Array[], dense: Float32Array): void {
  rows.forEach((row, index) => {
    const scale = powerOf(row) * powerOf(dense);
    const size = dot(row.map(Math.abs), dense.map(Math.abs));
    assert.ok(Math.abs(dots[index]! * scale - dot(row, dense)) <= 1e-12 * size, `row ${index}: ${dots[index]! * scale}, not ${dot(row, dense)}`);
  });
}

function assertCombination(vector: Float32Array, rows: readonly Float32Array[], weights: Float64Array): void {
  const powers = rows.map(powerOf);
  const exact = Float64Array.from(vector, (_, at) => 8 * rows.reduce((sum, row, index) => sum + (row[at] === 0 ? 0 : weights[index]! * row[at]! / powers[index]!), 0));
  const largest = exact.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  vector.forEach((value, at) => assert.ok(Math.abs(value - exact[at]!) <= 2e-7 * Math.abs(exact[at]!) + 1e-11 + 1e-13 * largest, `entry ${at}: ${value}, not ${exact[at]!}`));
}

const word = new Float32Array(1);
const wordBits = new Uint32Array(word.buffer);

function bitsOf(value: number): number {
  word[0] = value;
  return wordBits[0]!;
}

/** Scattering adds to zero, which loses the sign of -0. */
function positiveZero(value: number): number {
  return value === 0 ? 0 : value;
}

