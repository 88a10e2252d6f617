/** The first steps of a run that is not kept: what they hold and take, to stand beside what was predicted. */
import { setImmediate } from 'node:timers/promises';
import { evaluationBatches } from '../data/batchPlan';
import { storedBytes } from '../protocol/samples';
import type { Settings } from '../settings/knobs';
import { assemble } from './assemble';

export interface MeasuredSteps {
  readonly steps: number;
  /** The highest of all steps, and of validation's first batch. */
  readonly peakBytes: number;
  readonly storedBytes: number;
  /** The least; of one that sets things up only where there is no other. */
  readonly stepMs: number;
}

export async function measureSteps(settings: Settings, place: Parameters<typeof assemble>[1], steps: number, signal?: AbortSignal): Promise<MeasuredSteps> {
  const run = await assemble(settings, place);
  const { stepper, ledger, placement, dataset, split, batches, figures, team } = run;
  let [peak, stored] = [0, 0];
  const note = () => {
    const { peakBytes, storedPeak } = figures.takePeak();
    [peak, stored] = [Math.max(peak, peakBytes), Math.max(stored, storedPeak === undefined ? 0 : storedBytes(storedPeak))];
  };
  try {
    for (const batch of evaluationBatches(dataset, split.validation, settings)) {
      await stepper.evaluate(batch);
      note();
      break;
    }
    const times: number[] = [];
    for (const batch of batches.epoch(0)) {
      await setImmediate();
      signal?.throwIfAborted();
      const begun = performance.now();
      await stepper.run(batch, times.length + 1, placement.watch(settings));
      times.push(performance.now() - begun);
      note();
      if (times.length === steps) break;
    }
    return { steps: times.length, peakBytes: peak, storedBytes: stored, stepMs: Math.min(...times.length > 1 ? times.slice(1) : times) };
  } finally {
    stepper.dispose();
    ledger.stop();
    dataset.close();
    await team?.close();
  }
}
