/**
 * The pieces of a step, one by one, to be timed alone: they work on the state of an optimizer that has filled its window, in
 * the order of a step, so that each finds the caches as its predecessor leaves them. No optimizer knows of this.
 */
import type { SparseRow } from '../../kernels/panelLayout';
import type { SparseCompute } from '../../kernels/sparseCompute';
import type { CoefficientRule } from '../../optimizers/preconditioners/coefficientRule';
import { dampedInverse } from '../../optimizers/preconditioners/dampedInverse';
import { denseWindow } from '../../optimizers/preconditioners/denseWindow';
import { inverseRoot } from '../../optimizers/preconditioners/inverseRoot';
import { lowRankWindow } from '../../optimizers/preconditioners/lowRankWindow';
import type { WindowState } from '../../optimizers/preconditioners/preconditionByWindow';
import { sparseWindow } from '../../optimizers/preconditioners/sparseWindow';
import type { Window } from '../../optimizers/preconditioners/window';
import type { StateTree } from '../../optimizers/stateTree';
import type { Updates } from '../../optimizers/transformation';
import type { Settings } from '../../settings/knobs';
import { isSparseRow, keptRowIn, windowStateIn } from './windowedState';

export const parts = ['topK', 'dots', 'solve', 'combine'] as const;
export type Part = (typeof parts)[number];
export type Pieces = Partial<Record<Part, () => void>>;

/** `vector` [d], a gradient, is overwritten. */
export function piecesOf(settings: Settings, compute: SparseCompute, state: StateTree, vector: Float32Array): Pieces {
  const kept = keptRowIn(state);
  const window = windowStateIn(state);
  return {
    ...isSparseRow(kept) ? topKPiece(settings, compute, kept, vector) : {},
    ...window === undefined ? {} : windowPieces(settings, compute, window, { dense: vector, kept }),
  };
}

function topKPiece({ valuePrecision }: Settings, compute: SparseCompute, { layout }: SparseRow, vector: Float32Array): Pieces {
  const row = compute.createRow(layout, valuePrecision);
  return { topK: () => compute.topK(vector, row) };
}

function windowPieces(settings: Settings, compute: SparseCompute, held: WindowState<unknown, unknown>, updates: Updates): Pieces {
  const { rows, gram, size, filled, solver: { dots, coefficients } } = held;
  const window = windowFor(settings, compute);
  const rule = ruleFor(settings);
  const solver = rule.init(size);
  let slot = 0;
  return {
    dots: () => window.dots(rows, updates, filled, dots),
    solve: () => {
      slot = (slot + 1) % filled;
      rule.solve({ gram, size, filled, slot }, solver, coefficients);
    },
    combine: () => window.combine(rows, coefficients, filled, updates.dense),
  };
}

function windowFor(settings: Settings, compute: SparseCompute): Window<unknown> {
  if (settings.optimizer.startsWith('sparse')) return sparseWindow(() => settings, compute);
  return settings.optimizer.startsWith('low-rank') ? lowRankWindow(() => settings) : denseWindow;
}

function ruleFor({ optimizer, damping, beta2, epsilon }: Settings): CoefficientRule<unknown> {
  return optimizer.endsWith('mfac') ? dampedInverse(() => damping) : inverseRoot({ beta2: () => beta2, epsilon: () => epsilon });
}
