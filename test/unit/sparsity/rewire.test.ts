import assert from 'node:assert/strict';
import fc from 'fast-check';
import { shareOut } from '../../../src/sparsity/regrowth';
import { nextThreshold, rewire, type SparseTensor } from '../../../src/sparsity/rewire';
import { distinct, drawsOf } from '../../../src/sparsity/sample';

const tensor = fc.record({ length: fc.integer({ min: 1, max: 400 }), density: fc.double({ min: 0.01, max: 1, noNaN: true }), seed: fc.integer({ min: 0, max: 1e6 }) }).map(({ length, density, seed }): SparseTensor => {
  const draw = drawsOf(seed, 0);
  const positions = distinct(Math.max(1, Math.floor(density * length)), length, draw);
  return { length, positions, magnitudes: Float32Array.from(positions, () => draw(1000) / 1000) };
});
const tensors = fc.array(tensor, { minLength: 1, maxLength: 6 });
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe('sparsity: rewiring', () => {
  it('prunes what is below the threshold and nothing else, never empties a tensor, and keeps the number of non-zeros', () => {
    fc.assert(fc.property(tensors, fc.double({ min: 0, max: 1.2, noNaN: true }), fc.integer(), (before, threshold, seed) => {
      const after = rewire(before, threshold, drawsOf(seed, 1));
      assert.equal(sum(after.map(({ positions }) => positions.length)), sum(before.map(({ positions }) => positions.length)));
      after.forEach(({ positions, origins, pruned }, at) => {
        const old = before[at]!;
        const kept = origins.filter(origin => origin >= 0);
        const expected = [...old.magnitudes.keys()].filter(place => old.magnitudes[place]! >= threshold);
        assert.deepEqual([...kept], expected.length > 0 ? expected : [old.magnitudes.indexOf(Math.max(...old.magnitudes))]);
        assert.equal(pruned, old.positions.length - kept.length);
        positions.forEach((position, place) => {
          assert.ok(position < old.length && (place === 0 || position > positions[place - 1]!), 'ascending, different, inside');
          if (origins[place]! >= 0) assert.equal(position, old.positions[origins[place]!], 'what survives stays where it is');
        });
      });
    }), { numRuns: 300 });
  });

  it('grows only where there was a zero, as long as there are zeros', () => {
    fc.assert(fc.property(tensors, fc.double({ min: 0, max: 1.2, noNaN: true }), fc.integer(), (before, threshold, seed) => {
      const after = rewire(before, threshold, drawsOf(seed, 1));
      const grownAgain = after.map(({ positions, origins }, at) => positions.filter((position, place) => origins[place]! < 0 && before[at]!.positions.includes(position)).length);
      const zeros = sum(before.map(({ length, positions }) => length - positions.length));
      assert.equal(sum(grownAgain), Math.max(0, sum(after.map(({ pruned }) => pruned)) - zeros));
    }), { numRuns: 300 });
  });

  it('shares out in proportion to the survivors; what rounding leaves over goes to one of them', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 5000 }), fc.integer(), (survivors, pruned, seed) => {
      const grown = shareOut(pruned, survivors.map(count => ({ survivors: count, room: 1e6 })), drawsOf(seed, 1));
      assert.equal(sum(grown), pruned);
      const rounded = survivors.map(count => Math.round(pruned * count / sum(survivors)));
      const others = grown.filter((count, at) => count !== rounded[at]);
      // More than one only where the difference would have made a share negative.
      if (rounded.every(count => count >= survivors.length)) assert.ok(others.length <= 1);
    }), { numRuns: 500 });
  });

  it('what has no room goes to those that have, until as many have grown as were pruned or nothing is free', () => {
    fc.assert(fc.property(fc.array(fc.record({ survivors: fc.integer({ min: 1, max: 100 }), room: fc.integer({ min: 0, max: 60 }) }), { minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 400 }), fc.integer(), (growing, pruned, seed) => {
      const grown = shareOut(pruned, growing, drawsOf(seed, 1));
      grown.forEach((count, at) => assert.ok(count >= 0 && count <= growing[at]!.room));
      assert.equal(sum(grown), Math.min(pruned, sum(growing.map(({ room }) => room))));
    }), { numRuns: 500 });
  });

  it('draws places of growth uniformly among the zeros that were not pruned just now', () => {
    const before: SparseTensor = { length: 12, positions: Uint32Array.of(1, 4, 5, 9), magnitudes: Float32Array.of(1, 0, 1, 1) };
    const times = new Float64Array(12);
    const runs = 16_000;
    for (let run = 0; run < runs; run++) {
      const [{ positions, origins }] = rewire([before], 0.5, drawsOf(run, 3)) as [ReturnType<typeof rewire>[number]];
      positions.forEach((position, place) => { if (origins[place]! < 0) times[position]!++; });
    }
    assert.equal(times[4], 0, 'pruned just now');
    const free = [0, 2, 3, 6, 7, 8, 10, 11];
    const chiSquared = sum(free.map(at => (times[at]! - runs / 8) ** 2 / (runs / 8)));
    assert.ok(chiSquared < 7 + 5 * Math.sqrt(14), String(chiSquared));
  });

  it('is the same from the same seed and step, and another from others', () => {
    const before: SparseTensor[] = [0, 1].map(seed => ({ length: 300, positions: distinct(90, 300, drawsOf(seed, 0)), magnitudes: Float32Array.from({ length: 90 }, (_, at) => at % 7) }));
    assert.deepEqual(rewire(before, 2, drawsOf(5, 100)), rewire(before, 2, drawsOf(5, 100)));
    assert.notDeepEqual(rewire(before, 2, drawsOf(5, 100)), rewire(before, 2, drawsOf(5, 200)));
  });

  it('the threshold halves above 1.1 of the target and doubles below 0.9', () => {
    assert.deepEqual([80, 89, 90, 100, 110, 111, 150].map(pruned => nextThreshold(1e-3, pruned, 100)), [2e-3, 2e-3, 1e-3, 1e-3, 1e-3, 5e-4, 5e-4]);
  });

  it('the threshold finds the target on weights that stay as they are, from above and from below', () => {
    const draw = drawsOf(1, 0);
    const magnitudes = Float32Array.from({ length: 20_000 }, () => draw(1e6) / 1e6);
    for (const start of [1e-6, 0.9]) {
      let threshold = start;
      for (let round = 0; round < 40; round++) threshold = nextThreshold(threshold, magnitudes.filter(magnitude => magnitude < threshold).length, 600);
      const pruned = magnitudes.filter(magnitude => magnitude < threshold).length;
      assert.ok(pruned > 250 && pruned < 1300, `${pruned}, within the factor of two that the steps are`);
    }
  });
});
