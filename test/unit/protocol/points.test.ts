import assert from 'node:assert/strict';
import fc from 'fast-check';
import { appendPoint, mergeSamples } from '../../../src/protocol/points';
import type { SampleEvent } from '../../../src/protocol/runEvents';
import { noBytes } from '../../../src/protocol/samples';

function sample(step: number, loss: number, peakBytes: number): SampleEvent {
  return {
    type: 'sample', sequence: step, time: step, step, steps: 1, loss, lossMin: loss, lossMax: loss, accuracy: 0.5, stepMs: 2,
    memory: { peakBytes, peakPhase: 'backward', bytesAtPeak: { ...noBytes(), workspace: peakBytes }, liveBytes: noBytes(), stateBytes: {} },
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
});
