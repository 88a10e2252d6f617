import assert from 'node:assert/strict';
import { breathing, repeat } from '../../../src/bench/optimizers/stopwatch';

describe('the stopwatch', () => {
  const busy = (ms: number) => { for (const begun = performance.now(); performance.now() - begun < ms;); };
  const never = new AbortController().signal;

  it('repeats as often as it must, and no longer than it may', async () => {
    assert.equal((await repeat(() => busy(2), { least: 4, most: 10, milliseconds: 0 }, breathing(never))).length, 4);
    assert.equal((await repeat(() => undefined, { least: 1, most: 7, milliseconds: 60_000 }, breathing(never))).length, 7);
  });

  it('times the work alone, not what prepares it', async () => {
    const prepared: number[] = [];
    const times = await repeat(() => busy(1), { least: 3, most: 3, milliseconds: 0 }, breathing(never), index => {
      prepared.push(index);
      busy(30);
    });
    assert.deepEqual(prepared, [0, 1, 2]);
    assert.ok(Math.min(...times) >= 1 && Math.min(...times) < 30);
  });

  it('ends between two runs when it is interrupted', async () => {
    const controller = new AbortController();
    let runs = 0;
    await assert.rejects(repeat(() => { if (++runs === 3) controller.abort(); }, { least: 100, most: 100, milliseconds: 0 }, breathing(controller.signal)), { name: 'AbortError' });
    assert.equal(runs, 3);
  });
});
