import type { PlanPoint } from './plan';

/** Before a time that is nominal in a part. */
export function timeMark(timed: PlanPoint['timed']): '~' | '' {
  return timed === 'nominal' ? '~' : '';
}
