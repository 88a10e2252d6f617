import assert from 'node:assert/strict';
import { predict } from '../../../webview/prediction';
import { parameterCount, PanelRun } from '../../support/panelRun';

describe('webview/prediction', () => {
  it('knows nothing before the trainer has said how many parameters there are', () => {
    assert.equal(predict(new PanelRun().state, { density: 0.1 }), undefined);
  });

  it('predicts the difference that the trainer then reports', () => {
    const run = new PanelRun().start().advance(2);
    for (const change of [{ density: 0.0025 }, { window: 64 }, { momentum: 0.9 }, { density: 0.01, window: 8 }, { momentum: 0 }, { blockSize: null }, { valuePrecision: 'bfloat16' }, { errorFeedbackBits: 4 }] as const) {
      const { delta, before, after } = predict(run.state, change)!;
      run.apply(change, run.state.changes.length + 1);
      const applied = run.state.changes.at(-1)!;
      assert.deepEqual([applied.stateBytesBefore, applied.stateBytesAfter], [before, after]);
      assert.equal(delta, after - before);
    }
  });

  it('gives momentum four bytes per parameter and learning rate none', () => {
    const { state } = new PanelRun().start();
    assert.equal(predict(state, { momentum: 0.9 })?.delta, 4 * parameterCount);
    assert.equal(predict(state, { learningRate: 1 })?.delta, 0);
  });
});
