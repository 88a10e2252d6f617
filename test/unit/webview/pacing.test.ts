import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { createPace } from '../../../webview/pace';
import { createScheduler } from '../../../webview/scheduler';

describe('webview/scheduler and webview/pace', () => {
  it('draws once per frame, however often it is asked', () => {
    const frames: (() => void)[] = [];
    let drawn = 0;
    const request = createScheduler(() => { drawn++; }, callback => frames.push(callback));
    for (let index = 0; index < 100; index++) request();
    assert.equal(frames.length, 1);
    frames.pop()?.();
    assert.equal(drawn, 1);
    request();
    assert.equal(frames.length, 1);
  });

  it('draws again for a request made while drawing', () => {
    const frames: (() => void)[] = [];
    const request = createScheduler(() => { request(); }, callback => frames.push(callback));
    request();
    frames.shift()?.();
    assert.equal(frames.length, 1);
  });

  it('runs the first at once, then the last asked for, and none in between', async () => {
    const seen: number[] = [];
    const pace = createPace(20);
    for (const value of [1, 2, 3, 4]) pace(() => seen.push(value));
    assert.deepEqual(seen, [1]);
    while (seen.length < 2) await wait(5);
    assert.deepEqual(seen, [1, 4]);
  });
});
