/**
 * Preconditions a gradient c with the last m gradients, c included: u = P(G) c, G being the window's rows, zero until filled.
 * Since c is a row of G and P a function of G^T G, u is a linear combination of the rows, whose coefficients follow from the
 * gram G G^T alone: a rule turns the one into the others. The gram is kept from step to step; a new row changes one row and
 * one column of it. Holds the window, the gram (8 m^2 bytes) and what the rule holds.
 */
import type { Transformation } from '../transformation';
import { copyGram, rebuildGram, setGramRow } from './gram';
import type { CoefficientRule } from './coefficientRule';
import { advance, newestSlots, type Ring } from './ring';
import type { Window } from './window';

/** A ring of m rows. */
export type WindowState<Rows, Solver> = Ring & {
  readonly rows: Rows;
  readonly gram: Float64Array; // [m, m]
  readonly solver: { readonly dots: Float64Array /* [m] */; readonly coefficients: Float64Array /* [m] */; readonly rule: Solver };
};

export interface WindowOptions<Rows, Solver> {
  readonly rows: Window<Rows>;
  readonly window: () => number;
  readonly rule: CoefficientRule<Solver>;
}

export function preconditionByWindow<Rows, Solver>({ rows: window, window: wantedSize, rule }: WindowOptions<Rows, Solver>): Transformation<WindowState<Rows, Solver>> {
  const createSolver = (size: number) => ({ dots: new Float64Array(size), coefficients: new Float64Array(size), rule: rule.init(size) });
  return {
    name: rule.name,
    init: space => {
      const size = wantedSize();
      return { rows: window.init(space, size), gram: new Float64Array(size * size), solver: createSolver(size), size, filled: 0, cursor: 0 };
    },
    update: (updates, state) => {
      const { rows, gram, solver, size } = state;
      const slot = advance(state);
      window.write(rows, slot, updates);
      window.dots(rows, updates, state.filled, solver.dots);
      setGramRow(gram, size, slot, state.filled, solver.dots);
      rule.solve({ gram, size, filled: state.filled, slot }, solver.rule, solver.coefficients);
      window.combine(rows, solver.coefficients, state.filled, updates.dense);
      updates.kept = undefined;
    },
    remap: (state, space) => {
      const size = wantedSize();
      const unchanged = window.fits(state.rows, space);
      if (unchanged && size === state.size) return state;
      const slots = newestSlots(state, size);
      const rows = window.remap(state.rows, space, size, slots);
      const gram = new Float64Array(size * size);
      const solver = createSolver(size);
      if (unchanged) copyGram(state.gram, state.size, slots, gram, size);
      else rebuildGram(window, rows, slots.length, gram, size, solver.dots);
      return { rows, gram, solver, size, filled: slots.length, cursor: slots.length % size };
    },
  };
}
