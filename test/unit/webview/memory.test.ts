import assert from 'node:assert/strict';
import { mostOf } from '../../../src/settings/limits';
import { defaultsFor, type Settings } from '../../../src/settings/knobs';
import { knobs } from '../../../src/settings/knobTable';
import { memoryDigest } from '../../../webview/controls/memoryDigest';
import { namesIn } from '../../../webview/controls/namesControl';
import { effectOf } from '../../../webview/effect';
import { formatSetting, unitOf } from '../../../webview/format';
import { PanelRun } from '../../support/panelRun';

const settingsOf = (settings: Partial<Settings>): Settings => ({ ...defaultsFor('sgd'), ...settings });

describe('webview: memory', () => {
  it('says at once what a knob does to the state, and to the peak and the step when that was estimated', () => {
    const { state } = new PanelRun().start().advance(4);
    const forecast = { peakBytes: -345 * 1024, storedBytes: 0, stepMs: -1.34 };
    assert.deepEqual(effectOf('microbatch', 8, state, undefined), { delta: undefined, words: '' });
    assert.deepEqual(effectOf('microbatch', 8, state, 'waiting'), { delta: undefined, words: '…' });
    assert.deepEqual(effectOf('microbatch', 8, state, { why: 'nobody knows' }), { delta: undefined, words: '' });
    assert.deepEqual(effectOf('microbatch', 8, state, { forecast }), { delta: -345 * 1024, words: 'peak −345 KiB, step −9.7 %' });
    assert.match(effectOf('window', 64, state, undefined).words, /^state \+[^,]*$/);
    assert.match(effectOf('window', 64, state, 'waiting').words, /^state \+.*, …$/);
    assert.match(effectOf('window', 64, state, { forecast }).words, /^state \+.*, peak −345 KiB, step −9.7 %$/);
    assert.equal(effectOf('learningRate', 1, state, undefined).words, 'same state size');
    assert.equal(effectOf('learningRate', 1, state, { forecast: { peakBytes: 0, stepMs: 0 } }).words, 'same peak, same step time');
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
