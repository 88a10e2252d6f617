/** Whether settings that are right each by itself can stand together, as a run file would be judged. */
import { problemsTogether } from '../settings/validate';
import type { Settings } from '../settings/knobs';

export function isPossible(settings: Settings): boolean {
  return problemsTogether(settings, {}).length === 0;
}
