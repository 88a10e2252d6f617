import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { timedInTurns } from '../../../../src/trainer/probe/timedInTurns';

describe('ways that are timed in turns', () => {
  const counted = (times: readonly (readonly number[])[]) => {
    const order: number[] = [];
    const ways = times.map((list, index) => () => {
      order.push(index);
      return Promise.resolve(list[order.filter(each => each === index).length - 1]!);
    });
    return { order, ways };
  };

  it('have the least of all turns, and come one after the other in each', async () => {
    const { order, ways } = counted([[9, 3, 4], [8, 8, 7]]);
    assert.deepEqual(await timedInTurns(ways, { turns: 3, mostMs: 60_000 }), [3, 7]);
    assert.deepEqual(order, [0, 1, 0, 1, 0, 1]);
  });

  it('have none where the time was over before, and none of a later turn that was not finished', async () => {
    assert.deepEqual(await timedInTurns([() => setTimeout(30, 5), () => Promise.resolve(6)], { turns: 3, mostMs: 20 }), [5, undefined]);
    let turns = 0;
    const slower = async () => (++turns > 1 ? setTimeout(600, 1) : 5);
    assert.deepEqual(await timedInTurns([slower, () => Promise.resolve(6)], { turns: 3, mostMs: 500 }), [5, 6]);
  });

  it('tell how far they are, and end as the signal says', async () => {
    const [controller, told] = [new AbortController(), [] as number[]];
    const progress = (done: number, of: number) => {
      told.push(done / of);
      if (done === 3) controller.abort(new Error('Enough.'));
    };
    await assert.rejects(timedInTurns(counted([[1, 1, 1], [1, 1, 1]]).ways, { turns: 3, mostMs: 60_000, signal: controller.signal, progress }), { message: 'Enough.' });
    assert.deepEqual(told, [0, 1 / 6, 2 / 6, 3 / 6]);
  });
});
