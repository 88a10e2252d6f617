import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { PanelFeed } from '../../../src/host/panelFeed';
import type { ViewMessage } from '../../../src/protocol/panel';
import { appendPoint } from '../../../src/protocol/points';
import type { SampleEvent } from '../../../src/protocol/runEvents';
import { fakeRuns, until } from './fakeRuns';

describe('host: what a panel is sent', () => {
  const fake = fakeRuns();

  it('is the whole history, in one snapshot and a few updates, and never the token', async () => {
    const run = await fake.launch('trains');
    await until(run, state => state.step >= 5);
    const sent: ViewMessage[] = [];
    const feed = new PanelFeed(run, message => sent.push(structuredClone(message)));
    assert.equal(sent.length, 0, 'nothing before it asks');
    const began = performance.now();
    feed.start();
    await until(run, state => state.step >= 30);
    await delay(100);
    feed.pause();
    const mostUpdates = 1 + (performance.now() - began) / 45;
    const [snapshot, ...updates] = sent;
    assert.equal(snapshot?.type, 'snapshot');
    assert.ok(updates.length > 0 && updates.length < mostUpdates, `${updates.length} updates, more than 20 a second`);
    const points = sent.reduce<readonly SampleEvent[]>((all, message) => message.points.reduce<readonly SampleEvent[]>((longer, point) => appendPoint(longer, point), all), []);
    assert.deepEqual(points.map(point => point.step), Array.from({ length: points.length }, (_, index) => index + 1));
    assert.equal(JSON.stringify(sent).includes(run.record.control!.token), false);
  });

  it('is a snapshot anew when the run goes on from a checkpoint, because points may have been taken back', async () => {
    const run = await fake.launch('saves');
    await until(run, state => state.step >= 5);
    const sent: ViewMessage[] = [];
    const feed = new PanelFeed(run, message => sent.push(structuredClone(message)));
    feed.start();
    run.stop();
    await run.ended();
    const { step } = run.state;
    sent.length = 0;
    await fake.resume(run);
    assert.equal(sent.at(-1)?.state.status, 'starting');
    await until(run, state => state.status === 'running');
    const snapshot = sent.at(-1);
    assert.equal(snapshot?.type, 'snapshot');
    assert.deepEqual(snapshot.points.map(point => point.step), Array.from({ length: step }, (_, index) => index + 1));
    feed.dispose();
  });

  it('is an answer to the user at once, without waiting for figures', async () => {
    const run = await fake.launch('trains');
    await until(run, state => state.step >= 2);
    const sent: ViewMessage[] = [];
    const feed = new PanelFeed(run, message => sent.push(structuredClone(message)));
    feed.start();
    run.change({ learningRate: 0.5 });
    assert.deepEqual(sent.at(-1)?.state.pending.map(({ settings }) => settings), [{ learningRate: 0.5 }]);
    feed.dispose();
  });

  it('is nothing while it is hidden, and all of it again afterwards', async () => {
    const run = await fake.launch('trains');
    const sent: ViewMessage[] = [];
    const feed = new PanelFeed(run, message => sent.push(structuredClone(message)));
    feed.start();
    await until(run, state => state.step >= 3);
    feed.pause();
    const before = sent.length;
    await until(run, state => state.step >= 10);
    await delay(100);
    assert.equal(sent.length, before);
    feed.start();
    const last = sent.at(-1);
    assert.equal(last?.type, 'snapshot');
    assert.deepEqual(last.points.map(point => point.step), Array.from({ length: last.state.step }, (_, index) => index + 1));
    feed.dispose();
  });
});
