import assert from 'node:assert/strict';
import fc from 'fast-check';
import { appendPoint, mergeSamples } from '../../../src/protocol/points';
import { mergeDiagnostics } from '../../../src/protocol/diagnostics';
import { runEvent, type SampleEvent } from '../../../src/protocol/runEvents';
import { noBytes } from '../../../src/protocol/samples';

function sample(step: number, loss: number, peakBytes: number): SampleEvent {
  return {
    type: 'sample', sequence: step, time: step, step, steps: 1, loss, lossMin: loss, lossMax: loss, accuracy: 0.5, stepMs: 2,
    memory: { peakBytes, peakPhase: 'backward', bytesAtPeak: { ...noBytes(), workspace: peakBytes }, liveBytes: noBytes(), stateBytes: {}, held: {} },
  };
}

const series = fc.array(fc.tuple(fc.double({ min: 0, max: 10, noNaN: true }), fc.nat(1e9)), { minLength: 1, maxLength: 300 });

describe('protocol: bounded points', () => {
  it('never loses a peak, an extreme, a step or the mean', () => {
    fc.assert(fc.property(series, fc.integer({ min: 2, max: 40 }), (values, limit) => {
      const points = values.reduce<SampleEvent[]>((all, [loss, peak], index) => appendPoint(all, sample(index + 1, loss, peak), limit), []);
      assert.ok(points.length <= limit);
      assert.equal(Math.max(...points.map(point => point.memory.peakBytes)), Math.max(...values.map(([, peak]) => peak)));
      assert.equal(Math.max(...points.map(point => point.lossMax)), Math.max(...values.map(([loss]) => loss)));
      assert.equal(Math.min(...points.map(point => point.lossMin)), Math.min(...values.map(([loss]) => loss)));
      assert.equal(points.reduce((sum, point) => sum + point.steps, 0), values.length);
      assert.equal(points.at(-1)?.step, values.length);
      const mean = points.reduce((sum, point) => sum + point.loss * point.steps, 0) / values.length;
      assert.ok(Math.abs(mean - values.reduce((sum, [loss]) => sum + loss, 0) / values.length) < 1e-9);
    }));
  });

  it('keeps the categories of the higher peak together with it', () => {
    const merged = mergeSamples(sample(1, 1, 900), sample(2, 1, 100));
    assert.equal(merged.memory.bytesAtPeak.workspace, 900);
    assert.equal(merged.step, 2);
  });

  it('means diagnostics over the steps that were measured, however they are summed up', () => {
    fc.assert(fc.property(fc.array(fc.option(fc.double({ min: 0, max: 10, noNaN: true })), { minLength: 1, maxLength: 200 }), fc.integer({ min: 2, max: 40 }), (values, limit) => {
      const samples = values.map((value, index) => ({ ...sample(index + 1, 1, 1), ...(value === null ? {} : { diagnostics: { measured: 1, updateRatio: value } }) }));
      const points = samples.reduce<SampleEvent[]>((all, one) => appendPoint(all, one, limit), []);
      const measured = values.filter(value => value !== null);
      const found = points.flatMap(({ diagnostics }) => diagnostics ?? []);
      assert.equal(found.reduce((sum, one) => sum + one.measured, 0), measured.length);
      const total = found.reduce((sum, { updateRatio, measured: count }) => sum + updateRatio! * count, 0);
      assert.ok(Math.abs(total - measured.reduce((sum, value) => sum + value, 0)) < 1e-6);
    }));
  });

  it('keeps a figure that only one of two samples has', () => {
    assert.deepEqual(mergeDiagnostics({ measured: 1, updateRatio: 3 }, { measured: 3, updateRatio: 7, updateCosine: 0.5 }), { measured: 4, updateRatio: 6, updateCosine: 0.5 });
    assert.equal(mergeDiagnostics(undefined, undefined), undefined);
  });

  it('opens recordings from before there were diagnostics, and refuses what is no figure', () => {
    const old = sample(3, 1, 2);
    assert.ok(runEvent.safeParse(old).success);
    assert.deepEqual(runEvent.parse({ ...old, diagnostics: { measured: 2, residualRatio: 1.5 } }), { ...old, diagnostics: { measured: 2, residualRatio: 1.5 } });
    for (const diagnostics of [{ measured: 0 }, { measured: 1, residualRatio: null }, {}]) assert.equal(runEvent.safeParse({ ...old, diagnostics }).success, false);
  });
});
