/**
 * M-FAC with a sliding window (arXiv 2107.03356; compressed in EFCP, arXiv 2306.06098): preconditions a gradient c with the
 * inverse of the empirical Fisher matrix of the last m gradients, c included.
 *
 *   F = damping * I + (1/m) G^T G,   G = the window's rows, zero until filled; the divisor is always m
 *   u = F^-1 c = m * G^T (m * damping * I + G G^T)^-1 e_j,   c being row j of G
 *
 * The second form of u (push-through identity) has no difference c/damping - ..., so it stays accurate at small damping.
 * The gram G G^T is kept from step to step: a new row changes one row and one column of it.
 * Holds the window, the gram (8 m^2 bytes) and the solver (8 m^2 + 16 m).
 */
import type { Transformation } from '../transformation';
import { copyGram, createSolver, rebuildGram, setGramRow, solveDamped, type Solver } from './gram';
import type { Window } from './window';

export type MfacState<Rows> = {
  readonly rows: Rows;
  readonly gram: Float64Array; // [m, m]
  readonly solver: Solver;
  /** m, the rows there is room for. */
  readonly size: number;
  /** Rows written so far, the first ones; at most m. */
  filled: number;
  /** Where the next row goes: a free slot, or the oldest row's. */
  cursor: number;
};

export interface MfacOptions<Rows> {
  readonly rows: Window<Rows>;
  readonly window: () => number;
  readonly damping: () => number;
}

export function preconditionByMfac<Rows>({ rows: window, window: wantedSize, damping }: MfacOptions<Rows>): Transformation<MfacState<Rows>> {
  return {
    name: 'mfac',
    init: dimension => {
      const size = wantedSize();
      return { rows: window.init(dimension, size), gram: new Float64Array(size * size), solver: createSolver(size), size, filled: 0, cursor: 0 };
    },
    update: (updates, state) => {
      const { rows, gram, solver, size, cursor: slot } = state;
      window.write(rows, slot, updates);
      state.filled = Math.max(state.filled, slot + 1);
      state.cursor = (slot + 1) % size;
      window.dots(rows, updates.dense, state.filled, solver.dots);
      setGramRow(gram, size, slot, state.filled, solver.dots);
      solveDamped(gram, size, state.filled, size * damping(), slot, solver);
      window.combine(rows, solver.coefficients, state.filled, updates.dense);
      updates.kept = undefined;
    },
    remap: (state, dimension) => {
      const size = wantedSize();
      const unchanged = window.fits(state.rows, dimension);
      if (unchanged && size === state.size) return state;
      const slots = newestSlots(state, size);
      const rows = window.remap(state.rows, dimension, size, slots);
      const gram = new Float64Array(size * size);
      const solver = createSolver(size);
      if (unchanged) copyGram(state.gram, state.size, slots, gram, size);
      else rebuildGram(window, rows, dimension, slots.length, gram, size, solver.dots);
      return { rows, gram, solver, size, filled: slots.length, cursor: slots.length % size };
    },
  };
}

/** Slots of the newest rows, oldest first, at most `size` of them. */
function newestSlots({ size, filled, cursor }: MfacState<unknown>, wanted: number): number[] {
  const kept = Math.min(filled, wanted);
  return Array.from({ length: kept }, (_, index) => (cursor - kept + index + size) % size);
}
