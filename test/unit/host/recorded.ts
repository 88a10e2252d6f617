/** Events as a trainer records them, for histories made by hand. */
import type { RestoredEvent, RunEvent, SampleEvent, StartedEvent } from '../../../src/protocol/runEvents';
import { noBytes } from '../../../src/protocol/samples';

export function started(sequence = 0, parameterCount = 1000): StartedEvent {
  return {
    type: 'started', sequence, time: 0, settings: {}, backend: { name: 'none', version: '0', reason: 'a test' }, parameterCount, parameters: [{ name: 'w', shape: [parameterCount] }],
    trainExamples: 10, validationExamples: 1, stepsPerEpoch: 10, totalSteps: 1000, datasetBytes: 0,
  };
}

export function sample(sequence: number, step: number, peakBytes = step): SampleEvent {
  const bytes = { ...noBytes(), parameters: peakBytes };
  return {
    type: 'sample', sequence, time: sequence, step, steps: 1, loss: 1 / step, lossMin: 1 / step, lossMax: 1 / step, accuracy: 0.5, stepMs: 1,
    memory: { peakBytes, peakPhase: 'forward', bytesAtPeak: bytes, liveBytes: bytes, stateBytes: {}, held: {} },
  };
}

export function restored(sequence: number, step: number, changes = 0): RestoredEvent {
  return {
    type: 'restored', sequence, time: sequence, step, checkpoint: `step-${step}`, settings: {}, changes, totalSteps: 1000,
    backend: { name: 'none', version: '1', reason: 'another test' }, refused: [],
  };
}

/** A whole run of `steps` steps, numbered without gaps. */
export function wholeRun(steps: number): RunEvent[] {
  const samples = Array.from({ length: steps }, (_, index) => sample(index + 1, index + 1));
  return [started(), ...samples, { type: 'finished', sequence: steps + 1, time: steps + 1, reason: 'completed', steps, metrics: { loss: 1 / steps } }];
}
