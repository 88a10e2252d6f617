/**
 * The gram G G^T of a window's rows and the solve with it, in float64. Row-major [m, m]; rows not yet filled are zero.
 * The gram holds 8 m^2 bytes; the solver a factor of 8 m^2 and two vectors of 8 m.
 */
import { factorizeDamped, solveUnit } from '../../kernels/cholesky';
import type { Window } from './window';

export type Solver = {
  readonly factor: Float64Array; // [m, m]
  readonly dots: Float64Array; // [m]
  readonly coefficients: Float64Array; // [m]
};

export function createSolver(size: number): Solver {
  return { factor: new Float64Array(size * size), dots: new Float64Array(size), coefficients: new Float64Array(size) };
}

/** Row and column `slot` become the dot products of that row with the first `count`. */
export function setGramRow(gram: Float64Array, size: number, slot: number, count: number, dots: Float64Array): void {
  for (let row = 0; row < count; row++) {
    const dot = dots[row] ?? 0;
    gram[slot * size + row] = dot;
    gram[row * size + slot] = dot;
  }
}

/** The gram of rows that have only moved: row r of `result` was `slots[r]` of `gram`. */
export function copyGram(gram: Float64Array, size: number, slots: readonly number[], result: Float64Array, resultSize: number): void {
  slots.forEach((from, row) => {
    slots.forEach((to, column) => { result[row * resultSize + column] = gram[from * size + to] ?? 0; });
  });
}

/** The gram of rows that have changed, from the first `count` rows themselves. */
export function rebuildGram<Rows>(
  window: Window<Rows>, rows: Rows, dimension: number, count: number, gram: Float64Array, size: number, dots: Float64Array,
): void {
  const vector = new Float32Array(dimension);
  for (let slot = 0; slot < count; slot++) {
    window.read(rows, slot, vector);
    window.dots(rows, vector, slot + 1, dots);
    setGramRow(gram, size, slot, slot + 1, dots);
  }
}

/** Below this share of a row's own squared norm, damping can no longer tell dependent rows apart in float64. */
const smallestFloor = 1e-12;
/** With this much added to every diagonal entry, any gram of up to 1024 rows is dominated by its diagonal. */
const largestFloor = 1e6;

/**
 * coefficients = m * (addedDamping * I + gram)^-1 e_slot, over the first `count` rows; `addedDamping` is m * damping.
 * Where rows are dependent and so large that float64 loses the damping beside them, just enough more is added.
 */
export function solveDamped(gram: Float64Array, size: number, count: number, addedDamping: number, slot: number, solver: Solver): void {
  const { factor, coefficients } = solver;
  for (let floor = smallestFloor; !factorizeDamped(gram, size, count, addedDamping, floor, factor); floor *= 100) {
    if (floor > largestFloor) throw new RangeError('The window of M-FAC holds values that are not finite. Start again from a saved state, with a lower learning rate.');
  }
  solveUnit(factor, size, count, slot, coefficients);
  for (let row = 0; row < count; row++) coefficients[row] = size * (coefficients[row] ?? 0);
}
