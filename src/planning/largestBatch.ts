/**
 * The most examples a step that fit a budget with the settings as they are. Bytes are constant plus linear in the batch, so two sizes give the
 * line, and the line the size; that it fits, and one more does not, is then looked up, and where it is otherwise (slices bound what a
 * batch takes) bisection ends it.
 */
import { countedBytes } from '../protocol/countedBytes';
import type { Plan } from '../protocol/plan';
import type { PlanLimits } from '../protocol/planningWire';
import { storedBytes } from '../protocol/samples';
import { cutsByTokens } from '../settings/dataFit';
import { knobs } from '../settings/knobTable';
import type { Settings } from '../settings/knobs';
import { InputError } from '../settings/problem';
import type { PlanSource } from './planSource';

type Largest = NonNullable<Plan['largestBatch']>;

export async function largestBatch(source: PlanSource, given: Settings, limits: PlanLimits, signal?: AbortSignal): Promise<Largest | undefined> {
  const { budgetBytes } = limits;
  if (budgetBytes === undefined) return undefined;
  const unit = cutsByTokens(given) ? 'batchTokens' : 'batchSize';
  const least = unit === 'batchTokens' ? given.maxTokens : given.microbatch ?? 1;
  const { max: most } = knobs[unit];
  const known = new Map<number, Largest | undefined>();
  const bytesAt = async (size: number): Promise<Largest | undefined> => {
    try {
      const estimate = await source.estimate({ ...given, [unit]: size }, { bytesOnly: true, signal });
      return { batchSize: size, unit, peakBytes: estimate.peakBytes, storedBytes: storedBytes(estimate.storedPeak) };
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    }
  };
  const fits = async (size: number): Promise<boolean> => {
    if (!known.has(size)) known.set(size, await bytesAt(size));
    const found = known.get(size);
    return found !== undefined && countedBytes(found, limits) <= budgetBytes;
  };
  if (!await fits(least)) return undefined;
  if (await fits(most)) return known.get(most);
  let [low, high]: [number, number] = [least, most];
  for (const guess of onTheLine(known.get(least), known.get(most), limits, budgetBytes)) {
    if (guess <= low || guess >= high) continue;
    if (await fits(guess)) low = guess; else high = guess;
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (await fits(middle)) low = middle; else high = middle;
  }
  return known.get(low);
}

/** Where the line through two sizes meets the budget, and one size more. */
function onTheLine(a: Largest | undefined, b: Largest | undefined, limits: PlanLimits, budget: number): number[] {
  if (a === undefined || b === undefined || countedBytes(a, limits) === countedBytes(b, limits)) return [];
  const size = Math.floor(a.batchSize + (b.batchSize - a.batchSize) * (budget - countedBytes(a, limits)) / (countedBytes(b, limits) - countedBytes(a, limits)));
  return [size, size + 1];
}
