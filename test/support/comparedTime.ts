/** The step time that is predicted for a run, and the mean of its steps once code is compiled and windows are full. */
import type { Settings } from '../../src/settings/knobs';
import { assemble } from '../../src/trainer/assemble';
import { Estimator } from '../../src/trainer/estimate/estimator';
import { assets } from './assets';

export interface ComparedTime {
  readonly predictedMs: number;
  readonly measuredMs: number;
}

/** Steps that are timed, after those that fill a window: as many as there are between two roots of matrices. */
const timed = 10;

export async function comparedTime(settings: Settings): Promise<ComparedTime> {
  return { predictedMs: await predicted(settings), measuredMs: await measured(settings) };
}

async function predicted(settings: Settings): Promise<number> {
  const estimator = new Estimator({ assets });
  try {
    return (await estimator.estimate(settings)).stepMs ?? Number.NaN;
  } finally {
    estimator.dispose();
  }
}

async function measured(settings: Settings): Promise<number> {
  const { stepper, ledger, dataset, batches } = await assemble(settings, { assets });
  const times: number[] = [];
  try {
    let step = 0;
    for (let epoch = 0; times.length < settings.window + timed; epoch++) {
      for (const batch of batches.epoch(epoch)) {
        if (times.length === settings.window + timed) break;
        const begun = performance.now();
        await stepper.run(batch, ++step);
        times.push(performance.now() - begun);
      }
    }
    return times.slice(-timed).reduce((sum, ms) => sum + ms, 0) / timed;
  } finally {
    stepper.dispose();
    ledger.stop();
    dataset.close();
  }
}
