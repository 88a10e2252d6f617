import type { PlanPoint } from './plan';

/** Before a time that is nominal in a part. Apart from the plan's schema: the panel bundles no validation. */
export function timeMark(timed: PlanPoint['timed']): '~' | '' {
  return timed === 'nominal' ? '~' : '';
}
