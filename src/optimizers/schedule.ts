/**
 * The learning rate of a step t of T, from 1. Over the first w steps, the warm-up, it rises in proportion to t / w. From its
 * full value at step w (at step 1 where there is no warm-up) it then goes, with p = (t - w) / (T - w),
 *
 *   constant       1
 *   linear         1 - p
 *   cosine         (1 + cos(pi p)) / 2                (arXiv 1608.03983, without restarts)
 *   step           factor^floor((t - w - 1) / every)
 *   inverse-sqrt   sqrt(w / t)                        (arXiv 1706.03762)
 *
 * Linear and cosine are 0 at step T and stay there.
 */
import type { Settings } from '../settings/knobs';
import { InputError } from '../settings/problem';

export type ScheduleSettings = Pick<Settings, 'learningRate' | 'schedule' | 'warmupSteps' | 'stepEvery' | 'stepFactor'>;

/** `totalSteps` is undefined where nobody knows how long the run will be. */
export function learningRateAt(settings: ScheduleSettings, step: number, totalSteps: number | undefined): number {
  const { learningRate, warmupSteps } = settings;
  return learningRate * (step < warmupSteps ? step / warmupSteps : shareAt(settings, step, totalSteps));
}

function shareAt({ schedule, warmupSteps, stepEvery, stepFactor }: ScheduleSettings, step: number, totalSteps: number | undefined): number {
  const full = Math.max(1, warmupSteps);
  switch (schedule) {
    case 'constant': return 1;
    case 'linear': return 1 - progress(step, full, totalSteps);
    case 'cosine': return 0.5 * (1 + Math.cos(Math.PI * progress(step, full, totalSteps)));
    case 'step': return stepFactor ** Math.floor(Math.max(0, step - warmupSteps - 1) / stepEvery);
    case 'inverse-sqrt': return Math.sqrt(full / step);
  }
}

/** From 0 at step `full` to 1 at the last; 0 where there is no step between them. */
function progress(step: number, full: number, totalSteps = Infinity): number {
  return step <= full ? 0 : Math.min(1, (step - full) / Math.max(1, totalSteps - full));
}

/** Refuses a schedule that ends with the run where nobody knows when that is. */
export function checkSchedule({ schedule }: ScheduleSettings, totalSteps: number | undefined): void {
  if (totalSteps !== undefined || (schedule !== 'linear' && schedule !== 'cosine')) return;
  throw new InputError([{
    field: 'schedule',
    message: `schedule is "${schedule}", which ends with the run, but how many steps the run takes is not known here. Give totalSteps, or choose one of constant, step, inverse-sqrt.`,
  }]);
}
