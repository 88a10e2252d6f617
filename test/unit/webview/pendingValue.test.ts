import assert from 'node:assert/strict';
import { ask, pendingValue } from '../../../webview/controls/pendingValue';
import { PanelRun } from '../../support/panelRun';

const value = 0.0025;

describe('webview/controls/pendingValue', () => {
  it('waits from the moment of asking, through the host\'s list, until it is applied', () => {
    const run = new PanelRun().start().advance(3);
    const asked = ask(value, run.state);
    assert.equal(pendingValue('density', run.state, asked), value);
    run.await({ density: value }, 1).advance(1);
    assert.equal(pendingValue('density', run.state, undefined), value);
    run.apply({ density: value }, 1);
    assert.equal(pendingValue('density', run.state, asked), undefined);
  });

  it('waits for null and for words as for numbers', () => {
    const run = new PanelRun({ clipNorm: 1 }).start().advance(3);
    assert.equal(pendingValue('clipNorm', run.state, ask(null, run.state)), null);
    run.await({ clipNorm: null, valuePrecision: 'bfloat16' }, 1);
    assert.equal(pendingValue('clipNorm', run.state, undefined), null);
    assert.equal(pendingValue('valuePrecision', run.state, undefined), 'bfloat16');
    run.apply({ clipNorm: null, valuePrecision: 'bfloat16' }, 1);
    assert.equal(pendingValue('clipNorm', run.state, undefined), undefined);
  });

  it('goes by the latest of several that wait', () => {
    const run = new PanelRun().start().await({ density: 0.5 }, 1).await({ window: 8 }, 2).await({ density: value }, 3);
    assert.equal(pendingValue('density', run.state, undefined), value);
    assert.equal(pendingValue('window', run.state, undefined), 8);
    assert.equal(pendingValue('damping', run.state, undefined), undefined);
  });

  it('is not answered by another knob\'s change, and is by a refusal or the end', () => {
    const run = new PanelRun().start().advance(3);
    const asked = ask(value, run.state);
    run.apply({ window: 16 }, 1);
    assert.equal(pendingValue('density', run.state, asked), value);
    const refused = structuredClone(run.state);
    refused.rejected = { type: 'rejected', sequence: 99, time: 0, revision: 2, step: 6, message: 'no' };
    assert.equal(pendingValue('density', refused, asked), undefined);
    run.finish('stopped');
    assert.equal(pendingValue('density', run.state, asked), undefined);
  });
});
