import assert from 'node:assert/strict';
import { pointLimit } from '../../../src/protocol/points';
import { createStore } from '../../../webview/store';
import { PanelRun } from '../../support/panelRun';

describe('webview/store', () => {
  it('shows nothing before a snapshot, whatever comes', () => {
    let shown = 0;
    const store = createStore(() => { shown++; });
    store.receive(new PanelRun().start().advance(3).update());
    assert.equal(store.view, undefined);
    assert.equal(shown, 0);
  });

  it('holds what the host holds, message after message', () => {
    const run = new PanelRun().start().advance(5);
    const store = createStore(() => undefined);
    store.receive(run.snapshot());
    for (let round = 0; round < 8; round++) {
      store.receive(run.advance(20).update());
      assert.deepEqual(store.view?.points, run.points);
      assert.deepEqual(store.view.validations, run.validations);
      assert.deepEqual(store.view.state, run.state);
    }
  });

  it('stays bounded and keeps every peak, the last step and the mean of the loss', () => {
    const run = new PanelRun({ epochs: 100 }).start();
    const store = createStore(() => undefined);
    store.receive(run.snapshot());
    let [highest, sum, steps] = [0, 0, 0];
    for (let round = 0; round < 40; round++) {
      const update = run.advance(60).update();
      for (const { memory, loss, steps: covered } of update.points) {
        [highest, sum, steps] = [Math.max(highest, memory.peakBytes), sum + loss * covered, steps + covered];
      }
      store.receive(update);
      const { points } = store.view!;
      assert.ok(points.length <= pointLimit);
      assert.equal(Math.max(...points.map(({ memory }) => memory.peakBytes)), highest);
      assert.equal(points.at(-1)?.step, run.state.step);
    }
    const { points } = store.view!;
    assert.equal(points.reduce((all, point) => all + point.steps, 0), steps);
    const mean = points.reduce((all, { loss, steps: covered }) => all + loss * covered, 0) / steps;
    assert.ok(Math.abs(mean - sum / steps) < 1e-9);
  });

  it('starts over with the next snapshot', () => {
    const store = createStore(() => undefined);
    store.receive(new PanelRun().start().advance(50).snapshot());
    const other = new PanelRun({}, '/elsewhere').start().advance(2);
    store.receive(other.snapshot());
    assert.equal(store.view?.points.length, 2);
    assert.equal(store.view.run.directory, '/elsewhere');
  });
});
