/** The memory budget in bytes; undefined where there is none. */
import type { Settings } from './knobs';

export function budgetBytesOf({ memoryBudget }: Pick<Settings, 'memoryBudget'>): number | undefined {
  return memoryBudget === null ? undefined : Math.round(1e6 * memoryBudget);
}
