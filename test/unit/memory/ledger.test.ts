import assert from 'node:assert/strict';
import { add, clone, dispose, engine, keep, ones, reshape, tidy, zeros } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import { Ledger } from '../../../src/memory/ledger';
import { sumBytes } from '../../../src/protocol/samples';
import { assets } from '../../support/assets';

for (const name of ['cpu', 'wasm'] as const) {
  describe(`memory: the ledger on ${name}`, () => {
    let ledger: Ledger;
    beforeEach(async () => {
      await loadBackend(name, { assets });
      ledger = new Ledger();
    });
    afterEach(() => { ledger.stop(); });

    it('counts a buffer once, whatever handles share it', () => {
      const x = ledger.scope('data', () => zeros([1000]));
      const handles = [clone(x), reshape(x, [10, 100])];
      assert.equal(ledger.live().data, 4000);
      x.dispose();
      assert.equal(ledger.live().data, 4000, 'its clones keep it alive');
      dispose(handles);
      assert.equal(sumBytes(ledger.live()), 0);
    });

    it('knows the width of every type', () => {
      const made = ledger.scope('workspace', () => [zeros([10]), zeros([10], 'int32'), zeros([10], 'bool')]);
      assert.equal(ledger.live().workspace, 40 + 40 + 10);
      dispose(made);
    });

    it('files what nobody scoped as unattributed, and takes claims', () => {
      const x = zeros([25]);
      assert.equal(ledger.live().unattributed, 100);
      ledger.claim(x, 'parameters');
      assert.deepEqual([ledger.live().unattributed, ledger.live().parameters], [0, 100]);
      x.dispose();
      assert.equal(ledger.live().parameters, 0);
    });

    it('keeps the highest instant of a stretch, its phase and its categories', () => {
      const kept = ledger.scope('parameters', () => keep(ones([100])));
      ledger.takePeak();
      ledger.enter('forward');
      ledger.scope('workspace', () => tidy(() => { zeros([50]); }));
      ledger.enter('backward');
      ledger.scope('activationGradients', () => tidy(() => { zeros([200]); }));
      const peak = ledger.takePeak();
      assert.deepEqual([peak.peakBytes, peak.peakPhase, peak.bytesAtPeak.parameters, peak.bytesAtPeak.activationGradients, peak.bytesAtPeak.workspace], [1200, 'backward', 400, 800, 0]);
      assert.equal(ledger.takePeak().peakBytes, 400, 'the next stretch begins at what is live');
      kept.dispose();
    });

    it('keeps the highest instant of what is stored, apart from workspace, and the most of each kind', () => {
      const kept = ledger.scope('parameters', () => keep(ones([100])));
      ledger.takePeak();
      ledger.scope('workspace', () => tidy(() => { zeros([5000]); }));
      const result = ledger.scope('workspace', () => keep(ones([200])));
      assert.deepEqual([ledger.takePeak().storedPeak?.parameters, ledger.live().workspace], [400, 800]);
      ledger.claim(result, 'activations');
      ledger.hold('gradients', 40);
      result.dispose();
      ledger.hold('gradients', 0);
      const { storedPeak: stored, most } = ledger.takePeak();
      assert.deepEqual([stored?.parameters, stored?.activations, stored?.gradients, stored?.workspace], [400, 800, 40, 0]);
      assert.deepEqual(most, { activations: 800, gradients: 40, workspace: 800 });
      const next = ledger.takePeak();
      assert.deepEqual([next.storedPeak, next.most], [ledger.live(), { activations: 0, gradients: 0, workspace: 0 }], 'the next stretch begins at what is live');
      kept.dispose();
    });

    it('counts a result at the peak as what it turned out to be', () => {
      const result = ledger.scope('workspace', () => add(ones([100]), ones([1])));
      ledger.claim(result, 'gradients');
      const { bytesAtPeak, peakBytes } = ledger.takePeak();
      assert.equal(bytesAtPeak.gradients, 400);
      assert.equal(sumBytes(bytesAtPeak), peakBytes);
      result.dispose();
    });

    it('adds what is held outside TensorFlow.js', () => {
      ledger.takePeak();
      ledger.hold('optimizerState', 5000);
      ledger.hold('optimizerState', 3000);
      assert.equal(ledger.live().optimizerState, 3000);
      assert.equal(ledger.takePeak().peakBytes, 5000);
      ledger.hold('optimizerState', 0);
      assert.equal(sumBytes(ledger.live()), 0);
    });

    it('takes its hooks off', () => {
      ledger.stop();
      const own = Object.keys(engine()).filter(key => ['trackTensor', 'removeDataId', 'addTapeNode'].includes(key));
      assert.deepEqual(own, []);
    });
  });
}
