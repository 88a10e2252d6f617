import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { createPace } from '../../../webview/pace';
import { createRestingScheduler } from '../../../webview/restingScheduler';
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

describe('webview/restingScheduler', () => {
  /** A scheduler whose frames and timers come when the test says so. */
  function scheduled(...draws: ((request: () => void) => void)[]) {
    const frames: (() => void)[] = [];
    const timers: { callback: () => void; milliseconds: number }[] = [];
    const request: () => void = createRestingScheduler(() => draws.map(draw => () => { draw(request); }), callback => frames.push(callback), (callback, milliseconds) => timers.push({ callback, milliseconds }));
    return { frames, timers, request };
  }

  function busy(milliseconds: number): void {
    for (const end = performance.now() + milliseconds; performance.now() < end;);
  }

  it('draws once per frame, and again for a request made while drawing', () => {
    const { frames, timers, request } = scheduled(again => { again(); });
    for (let index = 0; index < 100; index++) request();
    assert.equal(frames.length, 1);
    frames.shift()?.();
    timers.shift()?.callback();
    assert.equal(frames.length, 1);
  });

  it('rests after a long drawing, then draws what was asked for meanwhile', () => {
    const { frames, timers, request } = scheduled(() => { busy(30); });
    request();
    frames.pop()?.();
    timers.shift()?.callback();
    request();
    assert.equal(frames.length, 0);
    const rest = timers.shift();
    assert.ok(rest !== undefined && rest.milliseconds >= 60 && rest.milliseconds <= 1000);
    rest.callback();
    assert.equal(frames.length, 1);
  });

  it('draws for a few milliseconds a frame, the rest in the frames that follow, and rests for all together', () => {
    const drawn: number[] = [];
    const pieces = [0, 1, 2, 3, 4].map(piece => () => {
      busy(piece < 3 ? 0 : 12);
      drawn.push(piece);
    });
    const { frames, timers, request } = scheduled(...pieces);
    request();
    frames.shift()?.();
    assert.deepEqual(drawn, [0, 1, 2, 3]);
    timers.shift()?.callback();
    frames.shift()?.();
    assert.deepEqual(drawn, [0, 1, 2, 3, 4]);
    timers.shift()?.callback();
    assert.ok((timers[0]?.milliseconds ?? 0) >= 48);
    assert.equal(frames.length, 0);
  });

  it('draws what is there when a drawing begins, and nothing of a drawing that failed', () => {
    const { frames, timers, request } = scheduled(() => { busy(5); }, () => { throw new Error('no picture'); }, () => assert.fail('drawn after the failure'));
    request();
    frames.shift()?.();
    timers.shift()?.callback();
    assert.throws(() => frames.shift()?.(), /no picture/);
    timers.shift()?.callback();
    assert.equal(frames.length, 0);
  });

  it('counts what the browser does after the drawing, and never rests for longer than a second', () => {
    const { frames, timers, request } = scheduled(() => undefined);
    request();
    frames.pop()?.();
    busy(600);
    timers.shift()?.callback();
    assert.equal(timers[0]?.milliseconds, 1000);
  });

  it('goes on after a drawing that failed', () => {
    const { frames, timers, request } = scheduled(() => { throw new Error('no picture'); });
    request();
    assert.throws(() => frames.pop()?.(), /no picture/);
    timers.shift()?.callback();
    request();
    assert.equal(frames.length, 1);
  });
});
