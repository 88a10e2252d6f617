import assert from 'node:assert/strict';
import fc from 'fast-check';
import { comparisonSoFar } from '../../../src/protocol/comparison';
import { mergeSamples } from '../../../src/protocol/points';
import type { RunEvent, SampleEvent } from '../../../src/protocol/runEvents';
import { applyEvent, initialState } from '../../../src/protocol/runState';
import { addToStretch, endStretches, lateMs, meanMs, newStretch, outcomeOf, type Stretch } from '../../../src/protocol/stretches';
import { noBytes, type Phase } from '../../../src/protocol/samples';
import { defaults } from '../../../src/settings/knobs';

interface Step {
  readonly stepMs?: number;
  readonly peak: number;
  readonly stored?: number;
  readonly phase?: Phase;
  readonly state?: number;
}

function sampleOf(step: number, { stepMs = 10, peak, stored, phase = 'backward', state = 0 }: Step): SampleEvent {
  const bytes = (activations: number) => ({ ...noBytes(), activations });
  return {
    type: 'sample', sequence: step, time: 10 * step, step, steps: 1, loss: 1, lossMin: 1, lossMax: 1, stepMs,
    memory: { peakBytes: peak, peakPhase: phase, bytesAtPeak: bytes(peak), ...stored === undefined ? {} : { storedPeak: bytes(stored) }, liveBytes: { ...noBytes(), optimizerState: state }, stateBytes: { velocity: state }, held: {} },
  };
}

function stretchOf(steps: readonly Step[], from = 1): Stretch {
  const stretch = newStretch();
  steps.forEach((step, index) => { addToStretch(stretch, sampleOf(from + index, step)); });
  return stretch;
}

describe('protocol: stretches of constant settings', () => {
  it('leave the first sample out as soon as there is a second, but not out of all that was held', () => {
    const first = { stepMs: 500, peak: 900, stored: 800, state: 70 };
    assert.deepEqual([stretchOf([first])].map(({ peakBytes, all, step }) => [peakBytes, meanMs(all), step]), [[900, 500, 1]]);
    const { peakBytes, storedBytes, optimizerStateBytes, all, highest, step } = stretchOf([first, { stepMs: 10, peak: 300, stored: 200, state: 50 }, { stepMs: 20, peak: 310, stored: 190, state: 50 }]);
    assert.deepEqual([peakBytes, storedBytes, optimizerStateBytes, meanMs(all), step], [310, 200, 50, 15, 3]);
    assert.deepEqual(highest, { peakBytes: 900, storedBytes: 800 });
  });

  it('count a peak in validation with all that was held, and not with the steps', () => {
    const { peakBytes, highest } = stretchOf([{ peak: 1 }, { peak: 100 }, { peak: 700, phase: 'validation' }, { peak: 110 }]);
    assert.deepEqual([peakBytes, highest.peakBytes], [110, 700]);
    assert.equal(stretchOf([{ peak: 5, phase: 'validation' }]).peakBytes, undefined, 'what was not measured is absent');
  });

  it('come to the same however samples were summed up before they were recorded', () => {
    const step = fc.record({ stepMs: fc.integer({ min: 1, max: 1000 }), peak: fc.nat(1_000_000), stored: fc.nat(1_000_000), state: fc.nat(1000) });
    fc.assert(fc.property(step, fc.array(step, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 7 }), (first, rest, together) => {
      const single = stretchOf([first, ...rest]);
      const merged = newStretch();
      addToStretch(merged, sampleOf(1, first));
      for (let at = 0; at < rest.length; at += together) addToStretch(merged, rest.slice(at, at + together).map((each, index) => sampleOf(2 + at + index, each)).reduce(mergeSamples));
      assert.deepEqual([merged.highest, merged.peakBytes, merged.storedBytes, merged.step, merged.all.steps], [single.highest, single.peakBytes, single.storedBytes, single.step, single.all.steps]);
      assert.ok(Math.abs(meanMs(merged.all)! - meanMs(single.all)!) < 1e-9 * meanMs(single.all)!);
    }));
  });

  it('tell what a change did once two samples came after it: of time the last of before, the first of after', () => {
    const before = stretchOf([{ peak: 1 }, ...Array.from({ length: 30 }, (_, at) => ({ peak: 100, stored: 80, stepMs: at < 20 ? 90 : 10 }))]);
    const after = (count: number) => stretchOf(Array.from({ length: count }, (_, at) => ({ peak: 60, stored: 50, stepMs: at > 20 ? 900 : 14 })), 32);
    assert.equal(lateMs(before), 10);
    for (const count of [0, 1]) assert.equal(outcomeOf([before, after(count)], 0), undefined);
    assert.deepEqual(outcomeOf([before, after(40)], 0), { peakBytes: -40, storedBytes: -30, stepMs: 4, stepMsBefore: 10 });
    assert.deepEqual(outcomeOf([newStretch(), after(2)], 0), {}, 'nothing to compare with');
    assert.equal(outcomeOf([before], 0), undefined);
  });

  it('take the end of a run in where there is only one: its last validation comes after its last sample', () => {
    const [only, other] = [stretchOf([{ peak: 100, stored: 90 }]), stretchOf([{ peak: 50 }])];
    endStretches([only, other], { peakBytes: 700 });
    assert.equal(only.highest.peakBytes, 100);
    endStretches([only], { peakBytes: 700, storedPeak: { ...noBytes(), data: 95, workspace: 1000 } });
    assert.deepEqual([only.highest, only.peakBytes], [{ peakBytes: 700, storedBytes: 95 }, 100]);
  });
});

describe('protocol: a run beside its prediction', () => {
  const bytes = { ...noBytes(), optimizerState: 50 };
  const started = (predicted: boolean): RunEvent => ({
    type: 'started', sequence: 0, time: 0, settings: {}, backend: { name: 'wasm', version: '4', reason: 'test' }, parameterCount: 10, parameters: [], trainExamples: 1, validationExamples: 1, stepsPerEpoch: 10, totalSteps: 10, datasetBytes: 0,
    ...predicted ? { predicted: { bytes, peakBytes: 1000, peakPhase: 'backward', bytesAtPeak: bytes, storedPeak: { ...noBytes(), data: 400 }, stepMs: 8, parameterCount: 10, examples: 4, backend: 'wasm', assumptions: [] } } : {},
  });
  const change: RunEvent = { type: 'applied', sequence: 90, time: 900, revision: 1, step: 3, from: { density: 0.1 }, to: { density: 0.01 }, stateBytesBefore: 50, stateBytesAfter: 5 };
  const finished: RunEvent = { type: 'finished', sequence: 99, time: 990, reason: 'completed', steps: 6, metrics: {}, peakBytes: 5000 };
  const restored = (backend: string): RunEvent => ({ type: 'restored', sequence: 95, time: 950, step: 3, checkpoint: 'c', settings: {}, changes: 0, totalSteps: 10, backend: { name: backend, version: '4', reason: 'test' }, refused: [] });
  const samples = (from: number, to: number, step: Step) => Array.from({ length: to - from + 1 }, (_, at) => sampleOf(from + at, at === 0 && from === 1 ? { ...step, stepMs: 300 } : step));
  const usual = { peak: 990, stored: 380, stepMs: 10, state: 50 };
  const compare = (...events: readonly RunEvent[]) => {
    const state = initialState(defaults);
    for (const event of events) applyEvent(state, event);
    return comparisonSoFar(state);
  };
  const expected = { peakBytes: { predicted: 1000, measured: 990 }, stateBytes: { predicted: 50, measured: 50 }, storedBytes: { predicted: 400, measured: 380 }, stepMs: { predicted: 8, measured: 10 }, step: 3 };

  it('is compared from its start to its first change, of whatever setting, and stays so', () => {
    assert.deepEqual(compare(started(true), ...samples(1, 3, usual)), expected);
    assert.deepEqual(compare(started(true), ...samples(1, 3, usual), change, ...samples(4, 6, { peak: 4000, stepMs: 99, state: 5 }), finished), expected);
  });

  it('is compared with its last validation too, which no sample holds', () => {
    assert.deepEqual(compare(started(true), ...samples(1, 3, usual), finished)!.peakBytes, { predicted: 1000, measured: 5000 });
  });

  it('is not compared before its first step, without a prediction, or on another backend', () => {
    assert.equal(compare(started(true)), undefined);
    assert.equal(compare(started(true), finished), undefined);
    assert.equal(compare(started(false), ...samples(1, 3, usual)), undefined);
    assert.equal(compare(started(true), ...samples(1, 3, usual), restored('cpu'), ...samples(4, 6, usual)), undefined);
    assert.equal(compare(started(true), ...samples(1, 3, usual), restored('wasm'), ...samples(4, 6, usual))!.step, 6);
    assert.deepEqual(compare(started(true), ...samples(1, 5, usual), restored('wasm'), { ...change, sequence: 96 }, ...samples(4, 6, { peak: 4000 })), expected, 'what was measured before stands');
    assert.equal('stepMs' in compare(started(true), ...samples(1, 1, usual))!, false, 'the first step alone says nothing about time');
  });
});
