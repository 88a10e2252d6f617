/** What applying a point of a plan is expected to do to a step. */
import type { Plan, PlanPoint } from './plan';
import type { Forecast } from './runEvents';
import { lateMs, type Stretch } from './stretches';

/** Step time in proportion to what was measured last, so that it is absent where nothing was. */
export function pointForecast(point: PlanPoint, { given }: Plan, stretch: Stretch | undefined): Forecast {
  const measured = stretch && lateMs(stretch);
  const ratio = point.stepMs === undefined || given.stepMs === undefined || given.stepMs === 0 ? undefined : point.stepMs / given.stepMs;
  return {
    peakBytes: point.peakBytes - given.peakBytes, storedBytes: point.storedBytes - given.storedBytes,
    ...(ratio === undefined || measured === undefined ? {} : { stepMs: measured * (ratio - 1), stepMsBefore: measured }),
  };
}
