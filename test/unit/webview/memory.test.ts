import assert from 'node:assert/strict';
import { mostOf } from '../../../src/settings/limits';
import { defaultsFor, type Settings } from '../../../src/settings/knobs';
import { knobs } from '../../../src/settings/knobTable';
import { predictActivations } from '../../../webview/activationPrediction';
import { memoryDigest } from '../../../webview/controls/memoryDigest';
import { namesIn } from '../../../webview/controls/namesControl';
import { effectOf } from '../../../webview/effect';
import { formatSetting, unitOf } from '../../../webview/format';
import { memoryAt, PanelRun } from '../../support/panelRun';

const settingsOf = (settings: Partial<Settings>): Settings => ({ ...defaultsFor('sgd'), ...settings });

describe('webview: memory', () => {
  it('predicts activations in proportion to the examples that run at once and the bytes of a number', () => {
    const { state } = new PanelRun({ batchSize: 128 }).start().advance(4);
    const now = state.latest!.memory.storedPeak!.activations;
    assert.equal(predictActivations(state, { microbatch: 32 }), Math.round(-0.75 * now));
    assert.equal(predictActivations(state, { activationPrecision: 'float16' }), Math.round(-0.5 * now));
    assert.equal(predictActivations(state, { microbatch: 64, activationPrecision: 'bfloat16' }), Math.round(-0.75 * now));
    assert.equal(predictActivations(state, { microbatch: 128 }), 0);
    assert.equal(predictActivations({ ...state, settings: { ...state.settings, microbatch: 32 } }, { microbatch: null }), 3 * now);
  });

  it('predicts none where no proportion is known, nothing was measured, or not yet since the last change', () => {
    const run = new PanelRun().start();
    assert.equal(predictActivations(run.state, { microbatch: 8 }), undefined);
    run.advance(3);
    assert.equal(predictActivations(run.state, { recompute: 'block' }), undefined);
    assert.notEqual(predictActivations(run.state, { microbatch: 8 }), undefined);
    run.apply({ microbatch: 16 }, 1);
    assert.equal(predictActivations(run.state, { microbatch: 8 }), undefined);
    assert.notEqual(predictActivations(run.advance(1).state, { microbatch: 8 }), undefined);
  });

  it('goes by the peak in recordings from before what is stored was noted', () => {
    const { state } = new PanelRun({ batchSize: 128 }).start().advance(4);
    const { storedPeak, ...memory } = memoryAt(4, state.settings);
    assert.ok(storedPeak);
    assert.equal(predictActivations({ ...state, latest: { ...state.latest!, memory } }, { microbatch: 64 }), -memory.bytesAtPeak.activations / 2);
  });

  it('says of a knob of memory what it does to activations, of others to the state', () => {
    const { state } = new PanelRun().start().advance(4);
    assert.match(effectOf('microbatch', 8, state).words, /^activations about −\d/);
    assert.deepEqual(effectOf('recompute', 'block', state), { delta: undefined, words: '' });
    assert.match(effectOf('window', 64, state).words, /^state \+/);
    assert.equal(effectOf('learningRate', 1, state).words, 'same state size');
  });

  it('says in a few words what is done', () => {
    assert.equal(memoryDigest(settingsOf({})), 'nothing saved');
    assert.equal(memoryDigest(settingsOf({ microbatch: 10, recompute: 'block', activationPrecision: 'bfloat16', parameterPrecision: 'float16', momentPrecision: 'float16', weightDensity: 0.3, fusedUpdate: true })),
      'microbatch 10, recompute block, bfloat16 activations, float16 parameters, float16 moments, scaled loss, 30 % dense, fused update');
  });

  it('writes and reads names, paths and units', () => {
    assert.deepEqual([formatSetting('recomputeLayers', []), formatSetting('recomputeLayers', ['conv1', 'conv2'])], ['none', 'conv1, conv2']);
    assert.deepEqual([formatSetting('module', null), formatSetting('module', './my.mjs'), formatSetting('microbatch', null)], ['none', './my.mjs', 'the whole batch']);
    assert.deepEqual([formatSetting('recomputeBudget', 100), unitOf('recomputeBudget'), formatSetting('rewireUntil', 0.95), formatSetting('fusedUpdate', true)], ['100 MB', 'MB', '95 %', 'on']);
    assert.deepEqual(namesIn(' conv1, conv2 ,,conv1'), ['conv1', 'conv2']);
    assert.deepEqual(namesIn('  '), []);
  });

  it('a microbatch ends where the batch does', () => {
    assert.equal(mostOf('microbatch', knobs.microbatch, settingsOf({ batchSize: 100 })), 100);
    assert.equal(mostOf('beta2', knobs.beta2, settingsOf({ optimizer: 'adamw' })), 0.99999);
    assert.equal(mostOf('window', knobs.window, settingsOf({})), 1024);
  });
});
