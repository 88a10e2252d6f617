import assert from 'node:assert/strict';
import fc from 'fast-check';
import { categories, sumBytes } from '../../../../src/protocol/samples';
import { livesOf } from '../../../../src/protocol/snapshot/lives';
import { peakEvent } from '../../../../src/protocol/snapshot/peak';
import { Timeline } from '../../../../src/protocol/snapshot/timeline';
import { naiveBytes, naiveInstants } from '../../../support/naiveSnapshot';
import { networkSnapshot } from '../../../support/networkSnapshot';
import { randomSnapshots } from '../../../support/randomSnapshot';
import { SnapshotBuilder } from '../../../support/snapshotBuilder';

/** The first of the highest, one by one. */
function plainHighest(timeline: Timeline, from: number, to: number): number {
  let best = from;
  for (let event = from; event <= to; event++) if (timeline.totalAt(event) > timeline.totalAt(best)) best = event;
  return best;
}

describe('snapshot: timeline', () => {
  it('replays every instant', () => {
    fc.assert(fc.property(randomSnapshots(200), snapshot => {
      const timeline = new Timeline(livesOf(snapshot));
      const bytes = new Float64Array(categories.length);
      naiveInstants(snapshot).forEach((live, event) => {
        const expected = naiveBytes(snapshot, live);
        timeline.replay(event, bytes);
        assert.deepEqual([...bytes], Object.values(expected));
        assert.equal(timeline.totalAt(event), sumBytes(expected));
      });
    }), { numRuns: 40 });
  });

  it('finds the highest instant of any stretch', () => {
    const timeline = new Timeline(livesOf(networkSnapshot({ layers: 90, scratch: 5 })));
    const { last } = timeline.lives;
    assert.ok(last > 2000);
    fc.assert(fc.property(fc.nat({ max: last }), fc.nat({ max: last }), (one, two) => {
      const [from, to] = [Math.min(one, two), Math.max(one, two)];
      assert.equal(timeline.highestOf(from, to), plainHighest(timeline, from, to));
    }), { numRuns: 2000 });
  });

  for (const scale of ['event', 'time'] as const) {
    it(`loses no peak and makes none up, however wide the picture: by ${scale}`, () => {
      const timeline = new Timeline(livesOf(networkSnapshot({ layers: 40, scratch: 4 })));
      const peak = timeline.totalAt(peakEvent(timeline.lives));
      const [from, to] = timeline.range(scale);
      for (const count of [1, 7, 100, 1400, 5000]) {
        const { event, bytes, total } = timeline.columns(from, to, count, scale);
        assert.equal(Math.max(...total), peak);
        event.forEach((at, column) => {
          assert.equal(total[column], timeline.totalAt(at));
          assert.equal(bytes.subarray(column * categories.length, (column + 1) * categories.length).reduce((sum, part) => sum + part, 0), total[column]);
          assert.ok(column === 0 || at >= event[column - 1]!);
        });
      }
    });
  }

  it('shows between two events what the first left', () => {
    const step = new SnapshotBuilder();
    const first = step.born(5, 'data');
    step.now = 10;
    step.born(3, 'data');
    step.now = 20;
    step.died(first);
    const timeline = new Timeline(livesOf(step.build()));
    assert.deepEqual([...timeline.columns(0, 20, 4, 'time').total], [5, 8, 8, 8]);
    assert.deepEqual([...timeline.columns(0, 3, 6, 'event').total], [5, 5, 8, 8, 3, 3]);
    assert.deepEqual([0, 9.9, 10, 15, 99].map(time => timeline.instantAt(time, 'time')), [0, 0, 1, 1, 2]);
  });

  it('of nothing is nothing', () => {
    const timeline = new Timeline(livesOf(new SnapshotBuilder().build()));
    assert.deepEqual([...timeline.columns(0, 0, 3, 'event').total], [0, 0, 0]);
  });
});
