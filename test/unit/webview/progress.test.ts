import assert from 'node:assert/strict';
import { progressOf } from '../../../webview/progress';
import type { View } from '../../../webview/store';
import { PanelRun } from '../../support/panelRun';

function viewOf({ view, state, points, validations }: PanelRun): View {
  return { run: view, state, points, validations };
}

describe('webview/progress', () => {
  it('says nothing of speed before the first sample', () => {
    const { stepMs, examplesPerSecond, etaMs, totalSteps, epoch } = progressOf(viewOf(new PanelRun()));
    for (const value of [stepMs, examplesPerSecond, etaMs, totalSteps, epoch]) assert.equal(value, undefined);
  });

  it('counts epochs from 1 and never past the last', () => {
    const run = new PanelRun().start();
    assert.equal(progressOf(viewOf(run)).epoch, 1);
    run.advance(36);
    assert.equal(progressOf(viewOf(run)).epoch, 2);
    run.advance(200);
    assert.equal(progressOf(viewOf(run)).epoch, 5);
  });

  it('makes throughput and the time left of the time per step', () => {
    const run = new PanelRun({ batchSize: 64 }).start().advance(40);
    const { stepMs, examplesPerSecond, etaMs } = progressOf(viewOf(run));
    assert.ok(stepMs !== undefined && stepMs > 12 && stepMs < 15, `${stepMs}`);
    assert.equal(examplesPerSecond, 64_000 / stepMs);
    assert.equal(etaMs, (355 - 80) * stepMs);
  });

  it('counts examples as they are in the mean where batches are so many tokens', () => {
    const { stepMs, examplesPerSecond } = progressOf(viewOf(new PanelRun({ batchSize: 64, batchTokens: 4000 }).start().advance(40)));
    assert.equal(examplesPerSecond, 9000 / 71 * 1000 / stepMs!);
  });

  it('has no time left once the run is over', () => {
    assert.equal(progressOf(viewOf(new PanelRun().start().advance(40).finish('stopped'))).etaMs, undefined);
  });
});
