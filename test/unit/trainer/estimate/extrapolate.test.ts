import assert from 'node:assert/strict';
import { noBytes } from '../../../../src/protocol/samples';
import { Ledger } from '../../../../src/memory/ledger';
import { StepRecorder } from '../../../../src/memory/stepRecorder';
import { ones, zeros } from '@tensorflow/tfjs-core';
import { extremesOf } from '../../../../src/trainer/estimate/extremes';
import { extrapolated, type Recorded } from '../../../../src/trainer/estimate/extrapolate';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { assets } from '../../../support/assets';

describe('a recorded step', () => {
  before(() => loadBackend('wasm', { assets }));

  function recorded(examples: number, also = 0): { recorded: Recorded; ledger: ReturnType<Ledger['takePeak']> } {
    const ledger = new Ledger();
    try {
      const kept = ledger.scope('parameters', () => zeros([5]));
      ledger.takePeak();
      const recorder = new StepRecorder();
      ledger.record(recorder);
      ledger.enter('forward');
      ledger.hold('gradients', 24);
      const made = ledger.scope('workspace', () => zeros([examples, 3]));
      const second = ledger.scope('workspace', () => ones([examples + 7]));
      ledger.claim(made, 'activations');
      made.dispose();
      for (let one = 0; one < also; one++) ledger.scope('data', () => zeros([2])).dispose();
      second.dispose();
      kept.dispose();
      ledger.stopRecording();
      const about = { model: 'm', backend: 'wasm', step: 1, examples, settings: {}, takenAt: new Date().toISOString(), reason: 'asked' } as const;
      return { recorded: { examples, flops: 10 * examples, recomputedFlops: 0, snapshot: recorder.snapshot(about) }, ledger: ledger.takePeak() };
    } finally {
      ledger.stop();
    }
  }

  it('has the extremes that the ledger counted', () => {
    const { recorded: { snapshot }, ledger } = recorded(4);
    const found = extremesOf(snapshot, noBytes());
    assert.deepEqual([found.peakBytes, found.peakPhase, found.bytesAtPeak, found.storedPeak], [ledger.peakBytes, ledger.peakPhase, ledger.bytesAtPeak, ledger.storedPeak]);
    assert.equal(extremesOf(snapshot, { ...noBytes(), optimizerState: 8 }).peakBytes, ledger.peakBytes + 8);
  });

  it('of many examples follows from two of a few, buffer by buffer', () => {
    const made = extrapolated(recorded(2).recorded, recorded(4).recorded, 100);
    const real = recorded(100);
    assert.deepEqual(made?.snapshot.buffers.bytes, real.recorded.snapshot.buffers.bytes);
    assert.equal(made.flops, 1000);
    assert.equal(extremesOf(made.snapshot, noBytes()).peakBytes, real.ledger.peakBytes);
  });

  it('does not follow where more happens in one of them', () => {
    assert.equal(extrapolated(recorded(2).recorded, recorded(4, 1).recorded, 100), undefined);
  });
});
