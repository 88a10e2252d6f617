import assert from 'node:assert/strict';
import { PeakWatch } from '../../../src/trainer/peakWatch';

describe('trainer: which peaks are recorded', () => {
  /** Steps that are recorded, and what becomes of each. */
  function follow(peaks: readonly number[], before?: number): string[] {
    const watch = new PeakWatch(before);
    return peaks.flatMap((peak, at) => {
      const records = watch.isChasing;
      watch.note(peak);
      return records ? [`${at}: ${watch.judge(peak)}`] : [];
    });
  }

  it('the next step that comes within a hundredth', () => {
    assert.deepEqual(follow([1000, 1000, 1000]), ['1: kept']);
    assert.deepEqual(follow([1000, 500, 991, 991]), ['1: held', '2: kept']);
    assert.deepEqual(follow([1000, 1005, 1005, 1009, 1012, 1012, 1012]), ['1: kept', '5: kept'], 'small steps add up');
  });

  it('of steps that vary, the highest of eight', () => {
    assert.deepEqual(follow([1000, ...new Array<number>(10).fill(500)]).slice(-2), ['7: held', '8: last']);
  });

  it('only higher ones in a run that goes on', () => {
    assert.deepEqual(follow([1000, 1005, 1011, 1011], 1000), ['3: kept']);
  });
});
