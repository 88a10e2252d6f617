import assert from 'node:assert/strict';
import { History } from '../../../src/host/history';
import { pointLimit } from '../../../src/protocol/points';
import { defaults, defaultsFor } from '../../../src/settings/knobs';
import { optimizers } from '../../../src/settings/optimizers';
import { restored, sample, started, wholeRun } from './recorded';

describe('host: the history of a run', () => {
  it('stays bounded, keeps every peak, and accounts for every step', () => {
    const history = new History({});
    const steps = 10 * pointLimit + 7;
    const peakAt = 1234;
    history.add(started());
    for (let step = 1; step <= steps; step++) history.add(sample(step, step, step === peakAt ? 1e9 : 5));
    assert.ok(history.points.length <= pointLimit);
    assert.equal(Math.max(...history.points.map(point => point.memory.peakBytes)), 1e9);
    assert.equal(history.state.peak?.peakBytes, 1e9);
    assert.equal(history.points.reduce((sum, point) => sum + point.steps, 0), steps);
  });

  it('fills settings that an older record lacks with the defaults', () => {
    for (const optimizer of optimizers) {
      assert.deepEqual(new History({ optimizer, density: 0.5 }).state.settings, { ...defaultsFor(optimizer), density: 0.5 });
    }
    assert.deepEqual(new History({}).state.settings, defaults);
  });

  it('takes back what came after a checkpoint, when the run goes on from it', () => {
    const history = new History({});
    const applied = (sequence: number, revision: number, density: number) => ({
      type: 'applied', sequence, time: sequence, revision, step: sequence, from: { density: 0.01 }, to: { density }, stateBytesBefore: 1, stateBytesAfter: 2,
    } as const);
    const validation = (sequence: number, step: number) => ({ type: 'validation', sequence, time: sequence, step, loss: step, accuracy: 0 } as const);
    for (const event of [
      started(), sample(1, 1), applied(2, 1, 0.5), sample(3, 3), validation(4, 3), sample(5, 6, 99), validation(6, 6), applied(7, 2, 0.25),
      { type: 'finished', sequence: 8, time: 8, reason: 'failed', message: 'it broke', steps: 6, metrics: {} } as const,
    ]) history.add(event);
    history.markStopping();
    history.add({ ...restored(9, 4, 1), settings: { density: 0.5 } });
    const { state } = history;
    assert.deepEqual(history.points.map(({ step }) => step), [1, 3]);
    assert.deepEqual(history.validations.map(({ step }) => step), [3]);
    assert.deepEqual([state.status, state.message, state.finished, state.step], ['running', undefined, undefined, 4]);
    assert.deepEqual(state.changes.map(({ revision }) => revision), [1]);
    assert.equal(state.settings.density, 0.5);
    assert.deepEqual([state.latest, state.validation], [undefined, undefined]);
    assert.equal(state.started?.backend.version, '1');
    assert.equal(state.peak?.peakBytes, 99, 'a peak that was measured stays one');
    history.add(sample(10, 5));
    assert.deepEqual([history.points.map(({ step }) => step), state.latest?.step], [[1, 3, 5], 5]);
  });

  it('says stopping until the end, whatever the trainer still does', () => {
    const history = new History({});
    const [first, ...rest] = wholeRun(3);
    history.add(first!);
    history.markStopping();
    const seen = rest.map(event => {
      history.add(event);
      return history.state.status;
    });
    assert.deepEqual(seen, ['stopping', 'stopping', 'stopping', 'completed']);
  });

  it('leaves a run that is over as it ended', () => {
    const history = new History({});
    for (const event of wholeRun(2)) history.add(event);
    history.markStopping();
    history.markInterrupted();
    assert.equal(history.state.status, 'completed');
    assert.equal(history.state.message, undefined);
  });
});
