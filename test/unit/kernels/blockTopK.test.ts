import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expandRow } from '../../../src/kernels/sparseRow';
import { panelsOf } from '../../../src/optimizers/compressors/panelsOf';
import { parameterSpace } from '../../../src/settings/parameterSpace';
import { absoluteIndices, blocksOf, keptOf, layoutOf } from './flatSpace';
import { normalVector } from './randomVector';

interface Kept { readonly values: Float32Array; readonly indices: number[] }

function topK(vector: Float32Array, layout: ReturnType<typeof layoutOf>): Kept {
  const row = keptOf(vector, layout);
  return { values: row.values as Float32Array, indices: absoluteIndices(row) };
}

/** The definition: sort every block by magnitude, then by index, keep the first, put them in the order of their indices. */
function topKBySorting(vector: Float32Array, density: number, blockSize: number | null): Kept {
  const indices = blocksOf(vector.length, density, blockSize).flatMap(({ start, length, kept }) => Array.from({ length }, (_, index) => start + index)
    .sort((a, b) => Math.abs(vector[b]!) - Math.abs(vector[a]!) || a - b).slice(0, kept).sort((a, b) => a - b));
  return { values: Float32Array.from(indices, index => vector[index]!), indices };
}

function assertSame(actual: Kept, expected: Kept): void {
  assert.deepEqual(actual.indices, expected.indices);
  // deepEqual of typed arrays compares with Object.is, so that -0 and denormals must survive too.
  assert.deepEqual(actual.values, expected.values);
}

const awkward = fc.constantFrom(0, -0, 1e-45, -1e-45, 1.2e-38, 1, -1, 1.0000001, 0.5, -0.5, 3e38, -3e38);
const entry = fc.oneof(awkward, fc.float({ noNaN: true, noDefaultInfinity: true }));
const density = fc.constantFrom(1e-4, 0.01, 0.1, 0.33, 0.5, 0.99, 1);
const blockSize = fc.constantFrom(null, 2, 3, 16, 127, 128, 129, 300, 65_536);

describe('block Top-K', () => {
  it('keeps what sorting by magnitude, then index, would keep', () => {
    fc.assert(fc.property(fc.array(entry, { minLength: 1, maxLength: 700 }), density, blockSize, (entries, kept, size) => {
      const vector = Float32Array.from(entries);
      assertSame(topK(vector, layoutOf(vector.length, kept, size)), topKBySorting(vector, kept, size));
    }), { numRuns: 300 });
  });

  for (const [length, size] of [[70_001, null], [70_001, 65_536], [65_536, null], [9_999, 4096]] as const) {
    it(`agrees with sorting on ${length} normal entries in blocks of ${size ?? 'any length'}, one in 13 of them zero`, () => {
      const vector = normalVector(length, 7).map((value, at) => at % 13 === 0 ? 0 : value);
      for (const kept of [0.001, 0.01, 0.3, 0.95]) assertSame(topK(vector, layoutOf(length, kept, size)), topKBySorting(vector, kept, size));
    });
  }

  it('takes the lowest indices where all magnitudes are equal', () => {
    for (const length of [100, 1000]) {
      const vector = Float32Array.from({ length }, (_, at) => at % 2 === 0 ? 2 : -2);
      assert.deepEqual([...topK(vector, layoutOf(length, 0.05, null)).indices], Array.from({ length: length / 20 }, (_, at) => at));
    }
  });

  it('counts NaN and infinity as largest', () => {
    const vector = normalVector(1000, 3);
    vector[500] = Number.NaN;
    vector[20] = -Infinity;
    assert.deepEqual([...topK(vector, layoutOf(1000, 0.002, null)).indices], [20, 500]);
  });

  it('reads a vector that is a view into a larger buffer', () => {
    const whole = normalVector(1000, 5);
    const layout = layoutOf(600, 0.1, 256);
    assertSame(topK(whole.subarray(300, 900), layout), topK(whole.slice(300, 900), layout));
  });

  it('round-trips through indices that are relative to their block, beyond 32,767 and in the tail', () => {
    const vector = new Float32Array(65_536 + 40_000);
    for (const at of [0, 40_000, 65_535, 65_536, 105_535]) vector[at] = at + 1;
    const layout = layoutOf(vector.length, 4 / 65_536, 65_536);
    const row = keptOf(vector, layout);
    assert.ok(row.indices instanceof Uint16Array);
    const written = normalVector(vector.length, 1);
    expandRow(row, written);
    assert.deepEqual(written, vector);
  });
});

describe('panels', () => {
  it('tile the vector with whole blocks, fit two-byte indices, and keep what the blocks keep', () => {
    const [dimensions, densities] = [fc.integer({ min: 1, max: 200_000 }), fc.double({ min: 1e-4, max: 1, noNaN: true })];
    fc.assert(fc.property(dimensions, densities, fc.option(fc.integer({ min: 2, max: 65_536 })), (dimension, kept, size) => {
      const layout = layoutOf(dimension, kept, size);
      const blocks = layout.panels.flatMap(({ start, length, blockSize: step, keptPerBlock, keptInLast }) => Array.from({ length: Math.ceil(length / step) }, (_, index) => {
        const isLast = (index + 1) * step >= length;
        return { start: start + index * step, length: isLast ? length - index * step : step, kept: isLast ? keptInLast : keptPerBlock };
      }));
      assert.deepEqual(blocks, blocksOf(dimension, kept, size));
      assert.equal(layout.kept, blocks.reduce((sum, block) => sum + block.kept, 0));
      let before = 0;
      for (const panel of layout.panels) {
        assert.equal(panel.before, before);
        before += panel.kept;
        assert.ok(layout.bytesPerIndex === 4 || panel.length <= 65_536);
      }
    }), { numRuns: 60 });
  });

  it('a tensor that is kept exactly interrupts the blocks and loses nothing', () => {
    const space = parameterSpace([{ name: 'a', shape: [100] }, { name: 'bias', shape: [7] }, { name: 'b', shape: [10, 3] }]);
    const layout = panelsOf({ density: 0.1, blockSize: 64, groups: [{ match: 'bias', exact: true }] }, space);
    assert.deepEqual(layout.panels.map(({ start, length, kept }) => [start, length, kept]), [[0, 100, 7 + 4], [100, 7, 7], [107, 30, 3]]);
  });
});
