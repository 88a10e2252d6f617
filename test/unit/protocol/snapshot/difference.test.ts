import assert from 'node:assert/strict';
import fc from 'fast-check';
import { differenceKinds, differenceOf, type DifferenceKind } from '../../../../src/protocol/snapshot/difference';
import { peakOf } from '../../../../src/protocol/snapshot/peak';
import { wordsOf, type BufferWords } from '../../../../src/protocol/snapshot/ranking';
import { networkSnapshot } from '../../../support/networkSnapshot';
import { randomSnapshots } from '../../../support/randomSnapshot';
import { SnapshotBuilder } from '../../../support/snapshotBuilder';

const turned: Readonly<Record<DifferenceKind, DifferenceKind>> = { appeared: 'vanished', grew: 'shrank', vanished: 'appeared', shrank: 'grew' };

interface Named extends BufferWords { readonly buffer: number; readonly category: number }

describe('snapshot: difference', () => {
  it('is counted by hand', () => {
    const [one, two] = [new SnapshotBuilder(), new SnapshotBuilder()];
    one.there(100, 'parameters', { layer: 'a', shape: '25' });
    one.there(40, 'activations', { layer: 'a', operation: 'Conv2D', shape: '2x5' });
    one.there(8, 'gradients', { layer: 'b', shape: '2' });
    one.there(30, 'optimizerState', { layer: 'c', type: 'bytes' });
    two.there(30, 'workspace', { layer: 'a', operation: 'Add', shape: '1' });
    two.there(80, 'activations', { layer: 'a', operation: 'Conv2D', shape: '4x5' });
    two.there(100, 'parameters', { layer: 'a', shape: '25' });
    two.there(10, 'optimizerState', { layer: 'c', type: 'bytes' });
    const { buffers, sums, categories, layers } = differenceOf(peakOf(one.build()), peakOf(two.build()));
    assert.deepEqual(buffers, [
      { kind: 'grew', category: 'activations', layer: 'a', operation: 'Conv2D', before: 1, after: 1, change: 40 },
      { kind: 'appeared', category: 'workspace', layer: 'a', operation: 'Add', after: 0, change: 30 },
      { kind: 'shrank', category: 'optimizerState', layer: 'c', operation: '', before: 3, after: 3, change: -20 },
      { kind: 'vanished', category: 'gradients', layer: 'b', operation: '', before: 2, change: -8 },
    ]);
    assert.deepEqual(sums, { appeared: { count: 1, change: 30 }, grew: { count: 1, change: 40 }, vanished: { count: 1, change: -8 }, shrank: { count: 1, change: -20 } });
    assert.deepEqual(categories.map(({ name, before, after }) => [name, before, after]), [['parameters', 100, 100], ['gradients', 8, 0], ['optimizerState', 30, 10], ['activations', 40, 80], ['workspace', 0, 30]]);
    assert.deepEqual(layers, [{ name: 'a', before: 140, after: 210 }, { name: 'c', before: 30, after: 10 }, { name: 'b', before: 8, after: 0 }]);
  });

  it('of equals is empty', () => {
    fc.assert(fc.property(randomSnapshots(120), snapshot => {
      assert.deepEqual(differenceOf(peakOf(snapshot), peakOf(structuredClone(snapshot))).buffers, []);
    }));
  });

  it('sums to the difference of the peaks, and turned around to its opposite', () => {
    fc.assert(fc.property(randomSnapshots(120), randomSnapshots(120), (one, two) => {
      const [before, after] = [peakOf(one), peakOf(two)];
      const [there, back] = [differenceOf(before, after), differenceOf(after, before)];
      assert.equal(there.buffers.reduce((sum, { change }) => sum + change, 0), after.total - before.total);
      assert.equal(differenceKinds.reduce((sum, kind) => sum + there.sums[kind].change, 0), after.total - before.total);
      for (const sums of [there.categories, there.layers]) assert.equal(sums.reduce((sum, side) => sum + side.after - side.before, 0), after.total - before.total);
      const line = (kind: DifferenceKind, left = -1, right = -1, change = 0) => `${kind} ${left} ${right} ${change}`;
      assert.deepEqual(
        there.buffers.map(buffer => line(buffer.kind, buffer.before, buffer.after, buffer.change)).sort(),
        back.buffers.map(buffer => line(turned[buffer.kind], buffer.after, buffer.before, -buffer.change)).sort(),
      );
    }));
  });

  it('is what matching texts one by one finds', () => {
    fc.assert(fc.property(randomSnapshots(120), randomSnapshots(120), (one, two) => {
      const [before, after] = [peakOf(one), peakOf(two)];
      let [left, right] = [before, after].map(instant => [...instant.alive].map(buffer => ({ buffer, category: instant.category[buffer]!, ...wordsOf(instant.lives.snapshot, buffer) }))) as [Named[], Named[]];
      const found: string[] = [];
      for (const isSame of [(a: Named, b: Named) => a.type === b.type && a.shape === b.shape && a.bytes === b.bytes, () => true]) {
        for (const other of right.slice()) {
          const own = left.find(each => each.category === other.category && each.layer === other.layer && each.operation === other.operation && isSame(each, other));
          if (own === undefined) continue;
          [left, right] = [left.filter(each => each !== own), right.filter(each => each !== other)];
          if (own.bytes !== other.bytes) found.push(`${own.buffer} ${other.buffer} ${other.bytes - own.bytes}`);
        }
      }
      for (const { buffer, bytes } of left) if (bytes > 0) found.push(`${buffer} - ${-bytes}`);
      for (const { buffer, bytes } of right) if (bytes > 0) found.push(`- ${buffer} ${bytes}`);
      assert.deepEqual(differenceOf(before, after).buffers.map(each => `${each.before ?? '-'} ${each.after ?? '-'} ${each.change}`).sort(), found.sort());
    }));
  });

  it('sees a larger batch as grown activations, and nothing else appear', () => {
    const { sums } = differenceOf(peakOf(networkSnapshot({ batch: 50 })), peakOf(networkSnapshot({ batch: 100 })));
    assert.ok(sums.grew.count > 20);
    assert.deepEqual([sums.appeared.count, sums.vanished.count, sums.shrank.count], [0, 0, 0]);
  });
});
