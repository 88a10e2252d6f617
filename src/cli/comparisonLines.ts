/** What was predicted for a run beside what was measured, in lines for the terminal. */
import { errorOf } from '../protocol/comparison';
import { formatBytes, formatMilliseconds, formatRelativeChange } from '../protocol/format';
import type { Compared, Comparison } from '../protocol/prediction';
import { formatTable } from './table';

/** `steps`: of the whole run. */
export function comparisonLines({ peakBytes, storedBytes, stateBytes, stepMs, step }: Comparison, steps: number): string {
  const row = (what: string, compared: Compared | undefined, inWords: (value: number) => string) => {
    if (compared === undefined) return [];
    const error = errorOf(compared);
    return [[what, inWords(compared.predicted), inWords(compared.measured), error === undefined ? '' : formatRelativeChange(error)]];
  };
  const until = step < steps ? `, measured until the change at step ${step}` : '';
  return `\npredicted before the run${until}\n${formatTable([
    ['', 'predicted', 'measured', 'error'],
    ...row('peak', peakBytes, formatBytes), ...row('stored at most', storedBytes, formatBytes), ...row('optimizer state', stateBytes, formatBytes), ...row('step', stepMs, formatMilliseconds),
  ], [1, 2, 3])}`;
}
