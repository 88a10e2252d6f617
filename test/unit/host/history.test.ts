import assert from 'node:assert/strict';
import { History } from '../../../src/host/history';
import { pointLimit } from '../../../src/protocol/points';
import { defaults, defaultsFor } from '../../../src/settings/knobs';
import { optimizers } from '../../../src/settings/optimizers';
import { sample, started, wholeRun } from './recorded';

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
