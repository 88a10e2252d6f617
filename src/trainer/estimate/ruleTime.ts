/**
 * Milliseconds that M-FAC or GGT takes to turn the gram of its window into coefficients, which does not depend on the parameters: timed on a
 * made-up gram. A larger one than is timed takes its time by its law: M-FAC changes a row in m^2 operations and starts anew, in m^3, every m
 * steps; GGT takes m^3.
 */
import { performance } from 'node:perf_hooks';
import type { CoefficientRule } from '../../optimizers/preconditioners/coefficientRule';
import { dampedInverse } from '../../optimizers/preconditioners/dampedInverse';
import { inverseRoot } from '../../optimizers/preconditioners/inverseRoot';
import type { Settings } from '../../settings/knobs';
import { ggt, isAmong, mfac } from '../../settings/optimizers';

type RuleSettings = Pick<Settings, 'optimizer' | 'damping' | 'beta2' | 'epsilon'>;

/** Rows that are timed at most. */
const mostRows = { mfac: 192, ggt: 100 };
const timed = 3;

/** Of the mean step, once `filled` rows of the window are there. */
export function ruleMs({ optimizer, damping, beta2, epsilon }: RuleSettings, size: number, filled = size): number {
  if (isAmong(mfac, optimizer)) {
    const rows = Math.min(size, mostRows.mfac);
    const { first, next } = times(dampedInverse(() => damping), rows, Math.min(filled, rows));
    return (next + first / rows) * (size / rows) ** 2;
  }
  if (isAmong(ggt, optimizer)) {
    const rows = Math.min(size, mostRows.ggt);
    return times(inverseRoot({ beta2: () => beta2, epsilon: () => epsilon }), rows, Math.min(filled, rows)).next * (size / rows) ** 3;
  }
  return 0;
}

/** Of the first step with a gram, and of one that changes it. */
function times<Solver>(rule: CoefficientRule<Solver>, size: number, filled: number): { first: number; next: number } {
  const gram = madeUpGram(size, filled);
  const coefficients = new Float64Array(size);
  let [first, next] = [Infinity, Infinity];
  for (let round = 0; round < 2; round++) {
    const solver = rule.init(size);
    for (let step = 0; step <= timed; step++) {
      const begun = performance.now();
      rule.solve({ gram, size, filled, slot: step % filled }, solver, coefficients);
      const ms = performance.now() - begun;
      if (step === 0) first = Math.min(first, ms);
      else next = Math.min(next, ms);
    }
  }
  return { first, next };
}

/** Of rows that are nearly at right angles. */
function madeUpGram(size: number, filled: number): Float64Array {
  const gram = new Float64Array(size * size);
  for (let row = 0; row < filled; row++) {
    for (let column = 0; column < row; column++) gram[row * size + column] = gram[column * size + row] = 0.02 * Math.sin(row * filled + column);
    gram[row * size + row] = 1;
  }
  return gram;
}
