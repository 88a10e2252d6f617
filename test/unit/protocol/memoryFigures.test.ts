import assert from 'node:assert/strict';
import { savingsLine, storedLine } from '../../../src/cli/memoryLines';
import { formatMegabytes, formatOperations } from '../../../src/protocol/format';
import { appendPoint, mergeSamples } from '../../../src/protocol/points';
import { runEvent, type SampleEvent } from '../../../src/protocol/runEvents';
import { applyEvent, initialState } from '../../../src/protocol/runState';
import { higherStored, noBytes, storedBytes, sumBytes, threeWay, type Bytes } from '../../../src/protocol/samples';
import { defaults } from '../../../src/settings/knobs';

function sample(step: number, figures: Partial<SampleEvent> = {}, storedPeak?: Bytes): SampleEvent {
  const bytesAtPeak = { ...noBytes(), workspace: 10 };
  return {
    type: 'sample', sequence: step, time: step, step, steps: 1, loss: 1, lossMin: 1, lossMax: 1, stepMs: 2, ...figures,
    memory: { peakBytes: 10, peakPhase: 'backward', bytesAtPeak, liveBytes: noBytes(), stateBytes: {}, held: {}, ...(storedPeak === undefined ? {} : { storedPeak }) },
  };
}

const stored = (activations: number, workspace = 0): Bytes => ({ ...noBytes(), activations, workspace });

describe('protocol: figures of memory techniques', () => {
  it('reads recordings from before there were buffers, storedPeak and the rest: buffers were 0', () => {
    const { buffers, ...older } = noBytes();
    const old = { ...sample(1, { accuracy: 0.5 }), memory: { ...sample(1).memory, bytesAtPeak: older, liveBytes: older } };
    const read = runEvent.parse(old);
    assert.ok(read.type === 'sample');
    assert.deepEqual([read.memory.bytesAtPeak.buffers, read.memory.liveBytes, read.memory.storedPeak, buffers], [0, noBytes(), undefined, 0]);
    const finished = runEvent.parse({ type: 'finished', sequence: 2, time: 2, reason: 'completed', steps: 1, metrics: {}, peakBytes: 0, bytesAtPeak: older });
    assert.ok(finished.type === 'finished');
    assert.equal(finished.bytesAtPeak?.buffers, 0);
  });

  it('carries them through a file as they are, and refuses what is no figure', () => {
    const full = sample(3, { accuracy: 0.5, flops: 3e9, recomputedFlops: 5e8, lossScale: 65_536, skippedSteps: 2, rewired: 41 }, stored(7, 3));
    assert.deepEqual(runEvent.parse(JSON.parse(JSON.stringify(full))), full);
    assert.deepEqual(runEvent.parse({ type: 'validation', sequence: 1, time: 1, step: 1, loss: 2 }), { type: 'validation', sequence: 1, time: 1, step: 1, loss: 2 });
    for (const figures of [{ skippedSteps: -1 }, { rewired: 0.5 }, { flops: 'many' }, { accuracy: null }]) assert.equal(runEvent.safeParse({ ...full, ...figures }).success, false);
  });

  it('sums up: means over steps, the later scale and count, the last rewiring, no figure that nobody has', () => {
    const first = sample(3, { steps: 3, accuracy: 0.2, flops: 100, recomputedFlops: 10, lossScale: 4, skippedSteps: 1, rewired: 7 });
    const merged = mergeSamples(first, sample(4, { accuracy: 0.6, flops: 200, recomputedFlops: 50, lossScale: 2, skippedSteps: 2 }));
    const { accuracy, flops, recomputedFlops, lossScale, skippedSteps, rewired } = merged;
    assert.ok(Math.abs(accuracy! - 0.3) < 1e-12);
    assert.deepEqual({ flops, recomputedFlops, lossScale, skippedSteps, rewired }, { flops: 125, recomputedFlops: 20, lossScale: 2, skippedSteps: 2, rewired: 7 });
    assert.deepEqual(Object.keys(mergeSamples(sample(1), sample(2))).filter(name => /accuracy|lops|Scale|skipped|rewired/.test(name)), []);
    assert.equal(mergeSamples(sample(1), sample(2, { flops: 5 })).flops, 5);
  });

  it('never loses the instant at which most was stored, workspace apart', () => {
    const peaks = [stored(100, 1), stored(300, 0), stored(200, 5000), stored(299)];
    const points = peaks.reduce<SampleEvent[]>((all, peak, index) => appendPoint(all, sample(index + 1, {}, peak), 2), []);
    const highest = points.reduce<Bytes | undefined>((best, { memory }) => higherStored(best, memory.storedPeak), undefined);
    assert.deepEqual(highest, stored(300));
    const state = initialState(defaults);
    peaks.forEach((peak, index) => applyEvent(state, sample(index + 1, {}, peak)));
    assert.deepEqual(state.storedPeak, stored(300));
    assert.equal(higherStored(undefined, undefined), undefined);
  });

  it('every byte stands in the three-way view or beside it', () => {
    const bytes = Object.fromEntries(Object.keys(noBytes()).map((category, index) => [category, 2 ** index])) as Bytes;
    const { model, optimizer, activations, beside } = threeWay(bytes);
    assert.equal(model + optimizer + activations + beside, sumBytes(bytes));
    assert.equal(model, bytes.parameters, 'buffers are no part of the model memory of the paper');
    assert.equal(storedBytes(bytes), sumBytes(bytes) - bytes.workspace);
  });

  it('says them in a line, without what was not done', () => {
    assert.equal(savingsLine({}), undefined);
    assert.equal(savingsLine({ flops: 1.286e11, recomputedFlops: 1.98e10, lossScale: 65_536, skippedSteps: 1, rewired: 43_000 }),
      'recomputed 19.8 GFLOP a step (15.4 % more), loss scale 65,536, 1 step skipped, 43,000 connections moved by the last rewiring');
    assert.equal(savingsLine({ recomputedFlops: 0 }), 'recomputed 0 FLOP a step');
    const line = storedLine({ ...noBytes(), parameters: 5_870_440, gradients: 5_870_440, optimizerState: 5_870_440, activations: 387_946_400, buffers: 14_464, workspace: 1024 });
    assert.match(line, /model 5\.870 MB \+ optimizer 11\.741 MB \+ activations 387\.946 MB = 405\.558 MB \(buffers 14\.1 KiB, data 0 B, unattributed 0 B, workspace 1\.00 KiB\)/);
    assert.deepEqual([formatOperations(0), formatOperations(999), formatOperations(1234), formatOperations(999_600), formatMegabytes(6_724_000)], ['0 FLOP', '999 FLOP', '1.23 kFLOP', '1.00 MFLOP', '6.724 MB']);
  });
});
