import assert from 'node:assert/strict';
import fc from 'fast-check';
import { peakOf } from '../../../../src/protocol/snapshot/peak';
import { groupings, largest, nameOf, rank } from '../../../../src/protocol/snapshot/ranking';
import { randomSnapshots } from '../../../support/randomSnapshot';
import { SnapshotBuilder } from '../../../support/snapshotBuilder';

const step = new SnapshotBuilder();
step.there(100, 'parameters', { layer: 'conv1', shape: '5x5' });
step.born(60, 'activations', { layer: 'conv1', operation: 'Conv2D', source: 'model.ts:7' });
step.born(80, 'activations', { layer: 'conv2', operation: 'Conv2D', source: 'model.ts:8' });
step.born(10, 'gradients', { layer: 'conv2' });
const peak = peakOf(step.build());
const { snapshot } = peak.lives;

describe('snapshot: ranking', () => {
  const table = (by: (typeof groupings)[number]) => rank(peak, by).map(({ key, bytes, count, share, largest: of }) => [nameOf(snapshot, by, key), bytes, count, share, of]);

  it('is counted by hand', () => {
    assert.deepEqual(table('category'), [['activations', 140, 2, 0.56, 2], ['parameters', 100, 1, 0.4, 0], ['gradients', 10, 1, 0.04, 3]]);
    assert.deepEqual(table('layer'), [['conv1', 160, 2, 0.64, 0], ['conv2', 90, 2, 0.36, 2]]);
    assert.deepEqual(table('operation'), [['Conv2D', 140, 2, 0.56, 2], ['', 110, 2, 0.44, 0]]);
    assert.deepEqual(table('source'), [['', 110, 2, 0.44, 0], ['model.ts:8', 80, 1, 0.32, 2], ['model.ts:7', 60, 1, 0.24, 1]]);
    assert.deepEqual(table('buffer').map(([name]) => name), ['conv1 · float32 5x5', 'conv2 · Conv2D · float32', 'conv1 · Conv2D · float32', 'conv2 · float32']);
  });

  it('leaves out what does not fit; shares stay those of everything', () => {
    const rows = rank(peak, 'layer', peak.alive.filter(buffer => buffer !== 0));
    assert.deepEqual(rows.map(({ bytes, share }) => [bytes, share]), [[90, 0.36], [60, 0.24]]);
  });

  it('sums to the peak, however it is grouped, most first', () => {
    fc.assert(fc.property(randomSnapshots(150), random => {
      const instant = peakOf(random);
      for (const by of groupings) {
        const rows = rank(instant, by);
        assert.equal(rows.reduce((sum, { bytes }) => sum + bytes, 0), instant.total);
        assert.equal(rows.reduce((sum, { count }) => sum + count, 0), instant.alive.length);
        assert.equal(new Set(rows.map(({ key }) => key)).size, rows.length);
        rows.forEach(({ bytes }, at) => assert.ok(at === 0 || bytes <= rows[at - 1]!.bytes));
      }
    }));
  });

  it('is what a map of sums says, whatever is left out', () => {
    fc.assert(fc.property(randomSnapshots(150), fc.constantFrom(...groupings), fc.nat({ max: 3 }), (random, by, left) => {
      const instant = peakOf(random);
      const among = instant.alive.filter((_, at) => at % 4 >= left);
      const groups = new Map<number, number[]>();
      for (const buffer of among) {
        const key = by === 'buffer' ? buffer : (by === 'category' ? instant.category : random.buffers[by])[buffer]!;
        groups.set(key, [...groups.get(key) ?? [], buffer]);
      }
      const size = (buffer: number) => random.buffers.bytes[buffer]!;
      const naive = [...groups].map(([key, own]) => ({ key, bytes: own.reduce((sum, buffer) => sum + size(buffer), 0), count: own.length, largest: own.toSorted((a, b) => size(b) - size(a))[0]! }));
      assert.deepEqual(rank(instant, by, among).map(({ key, bytes, count, largest: of }) => ({ key, bytes, count, largest: of })), naive.sort((a, b) => b.bytes - a.bytes || a.key - b.key));
    }));
  });

  it('finds the largest as the ranking of buffers does', () => {
    fc.assert(fc.property(randomSnapshots(150), fc.integer({ min: 1, max: 9 }), (random, most) => {
      const instant = peakOf(random);
      assert.deepEqual(largest(instant, most), rank(instant, 'buffer').slice(0, most).map(({ key }) => key));
    }));
  });
});
