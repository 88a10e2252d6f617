import assert from 'node:assert/strict';
import fc from 'fast-check';
import { indexBytes } from '../../../src/settings/formulas/sparseIndex';
import { initialNonZeros, sparseTensors, storedCounts } from '../../../src/settings/sparseTensors';
import { distinct, drawsOf } from '../../../src/sparsity/sample';
import { bytesOfIndex, createIndex, nonZerosOf, positionsOf, readPositions } from '../../../src/sparsity/sparseIndex';

const groups: readonly never[] = [];

describe('sparsity: masks', () => {
  it('an index holds any positions, read at once or in stretches, in as many bytes as predicted', () => {
    const positions = fc.integer({ min: 1, max: 200_000 }).chain(length => fc.record({
      length: fc.constant(length),
      at: fc.uniqueArray(fc.oneof(fc.integer({ min: 0, max: length - 1 }), fc.constantFrom(0, length - 1)), { minLength: 1, maxLength: Math.min(length, 300) }),
      stretch: fc.integer({ min: 1, max: 50 }),
    }));
    fc.assert(fc.property(positions, ({ length, at, stretch }) => {
      const sorted = Uint32Array.from(at).sort();
      const index = createIndex(sorted, length);
      assert.deepEqual(positionsOf(index, sorted.length), sorted);
      assert.deepEqual([bytesOfIndex(index), nonZerosOf(index)], [indexBytes(length, sorted.length), sorted.length]);
      const read = readPositions(index);
      for (let from = 0; from < sorted.length; from += stretch) {
        const part = new Uint32Array(Math.min(stretch, sorted.length - from));
        read(part, part.length);
        assert.deepEqual(part, sorted.slice(from, from + stretch));
      }
    }));
  });

  it('takes whichever of bitmask and columns is smaller', () => {
    const at = (density: number) => createIndex(Uint32Array.from({ length: Math.round(density * 100_000) }, (_, index) => Math.floor(index / density)), 100_000);
    assert.ok('bitmask' in at(0.3) && 'bitmask' in at(0.07));
    assert.ok('columnIndices' in at(0.05));
    assert.equal(bytesOfIndex(at(0.3)), 12_500);
    assert.equal(bytesOfIndex(at(0.05)), 2 * 5000 + 4 * 3);
  });

  it('draws different numbers in order, each set equally likely, the same from the same seed and step', () => {
    for (const [count, limit] of [[0, 5], [5, 5], [3, 100], [90, 100], [7, 1000]] as const) {
      const drawn = distinct(count, limit, drawsOf(1, 2));
      assert.equal(drawn.length, count);
      drawn.forEach((at, index) => assert.ok(at < limit && (index === 0 || at > drawn[index - 1]!)));
      assert.deepEqual(distinct(count, limit, drawsOf(1, 2)), drawn);
    }
    assert.notDeepEqual(distinct(7, 1000, drawsOf(1, 3)), distinct(7, 1000, drawsOf(1, 2)));
    assert.notDeepEqual(distinct(7, 1000, drawsOf(2, 2)), distinct(7, 1000, drawsOf(1, 2)));
    // Both ways of drawing: 2 of 5 by walking, 2 of 40 by Floyd's; chi-squared of how often each number is chosen.
    for (const limit of [5, 40]) {
      const times = new Float64Array(limit);
      const draw = drawsOf(7, 0);
      const runs = 20_000;
      for (let run = 0; run < runs; run++) for (const at of distinct(2, limit, draw)) times[at]!++;
      const expected = 2 * runs / limit;
      const chiSquared = times.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0);
      assert.ok(chiSquared < limit + 5 * Math.sqrt(2 * limit), `${limit}: ${chiSquared}`);
    }
  });

  it('by rule: not the first and last layer, not 1x1, not vectors, not what a group keeps whole', () => {
    const tensors = [
      { name: 'stem/kernel', shape: [3, 3, 3, 16] }, { name: 'stem/bias', shape: [16] }, { name: 'a/kernel', shape: [3, 3, 16, 32] }, { name: 'shortcut/kernel', shape: [1, 1, 16, 32] },
      { name: 'b/kernel', shape: [3, 3, 32, 32] }, { name: 'middle/kernel', shape: [1, 40] }, { name: 'head/kernel', shape: [32, 10] }, { name: 'head/bias', shape: [10] },
    ];
    const names = (settings: Parameters<typeof sparseTensors>[0]) => tensors.filter((_, index) => sparseTensors(settings, tensors)[index]).map(({ name }) => name);
    assert.deepEqual(names({ weightDensity: 0.3, groups }), ['a/kernel', 'b/kernel', 'middle/kernel']);
    assert.deepEqual(names({ weightDensity: 0.3, groups: [{ match: '^b/', exact: true }] }), ['a/kernel', 'middle/kernel']);
    assert.deepEqual(names({ weightDensity: 1, groups }), []);
    assert.deepEqual(storedCounts({ weightDensity: 0.3, groups }, tensors), [432, 16, Math.floor(0.3 * 4608 + 0.1), 512, Math.floor(0.3 * 9216 + 0.1), 12, 320, 10]);
    assert.equal(initialNonZeros(10, 0.01), 1);
  });
});
