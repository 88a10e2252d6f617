/**
 * M-FAC's rule (arXiv 2107.03356; compressed in EFCP, arXiv 2306.06098): the inverse of the empirical Fisher matrix of the
 * last m gradients, applied to the newest of them, c.
 *
 *   F = damping * I + (1/m) G^T G;   the divisor is always m
 *   u = F^-1 c = m * G^T A^-1 e_j,   A = m * damping * I + G G^T,   c being row j of G
 *
 * The second form of u (push-through identity) has no difference c/damping - ..., so it stays accurate at small damping.
 * A step changes row and column j of A, so A^-1 changes by two outer products: O(m^2). The solution is checked against A
 * itself and improved by one step of iterative refinement; where it is too far off, and every m steps, A^-1 is computed
 * anew by Cholesky, O(m^3). Holds A^-1 (8 m^2 bytes) and vectors.
 */
import { factorizeDamped, invertFactor } from '../../kernels/cholesky';
import { addTwoOuterProducts, symmetricProduct } from '../../kernels/symmetric';
import type { CoefficientRule, GramView } from './coefficientRule';

export type DampedInverse = {
  readonly inverse: Float64Array; // [m, m]
  /** What is added to each diagonal entry of the gram: m * damping, or more where float64 would lose that beside it. */
  readonly added: Float64Array; // [m]
  readonly column: Float64Array; // [m]
  readonly work: Float64Array; // [m]
  /** The m * damping that the inverse was computed for; 0 before the first step. */
  addedDamping: number;
  /** Steps since the inverse was last computed anew. */
  age: number;
};

/** Below this share of a row's own squared norm, damping can no longer tell dependent rows apart in float64. */
const smallestFloor = 1e-12;
/** With this much added to every diagonal entry, any gram of up to 1024 rows is dominated by its diagonal. */
const largestFloor = 1e6;
/** Of |A| |x|: rounding alone leaves so much of A x - e_j. Below it a correction would only add noise. */
const rounding = 1e-15;
/** One step of refinement squares what is left, so this much is still as good as none. */
const refinable = 1e-7;

export function dampedInverse(damping: () => number): CoefficientRule<DampedInverse> {
  return {
    name: 'mfac',
    init: size => ({
      inverse: new Float64Array(size * size), added: new Float64Array(size), column: new Float64Array(size), work: new Float64Array(size), addedDamping: 0, age: 0,
    }),
    solve: (view, solver, coefficients) => {
      const addedDamping = view.size * damping();
      solver.age++;
      const isCurrent = addedDamping === solver.addedDamping && solver.age < view.size;
      if (!(isCurrent && replaceRow(view, solver, coefficients) && refine(view, solver, coefficients))) {
        invert(view, solver, addedDamping);
        for (let row = 0; row < view.filled; row++) coefficients[row] = solver.inverse[row * view.size + view.slot] ?? 0;
        refine(view, solver, coefficients);
      }
      for (let row = 0; row < view.filled; row++) coefficients[row] = view.size * (coefficients[row] ?? 0);
    },
  };
}

/** The inverse from the gram itself, with more on the diagonal for as long as rounding makes A indefinite. */
function invert({ gram, size, filled }: GramView, solver: DampedInverse, addedDamping: number): void {
  const { inverse, added, work } = solver;
  for (let floor = smallestFloor; ; floor *= 100) {
    if (floor > largestFloor) throw new RangeError('The window of M-FAC holds values that are not finite. Start again from a saved state, with a lower learning rate.');
    for (let row = 0; row < size; row++) added[row] = Math.max(addedDamping, floor * (gram[row * size + row] ?? 0));
    if (factorizeDamped(gram, size, filled, added, inverse)) break;
  }
  invertFactor(inverse, size, filled, work);
  for (let row = filled; row < size; row++) {
    for (let column = 0; column < row; column++) inverse[row * size + column] = inverse[column * size + row] = 0;
    inverse[row * size + row] = 1 / addedDamping;
  }
  solver.addedDamping = addedDamping;
  solver.age = 0;
}

/**
 * A with row and column j replaced. With p the old column j of A^-1, b the new column j of A without its entry j and
 * y = A^-1 b - p (p . b) / p_j, the new column j is x = (e_j - y) / s, s = A_jj - b . y, and A^-1 grows by
 * s x x^T - p p^T / p_j. False, with nothing changed, where s shows that rounding has the upper hand.
 */
function replaceRow({ gram, size, filled, slot }: GramView, solver: DampedInverse, x: Float64Array): boolean {
  const { inverse, added, column: p, work: b } = solver;
  for (let row = 0; row < filled; row++) {
    p[row] = inverse[row * size + slot] ?? 0;
    b[row] = gram[row * size + slot] ?? 0;
  }
  const diagonal = b[slot] ?? 0;
  const damping = Math.max(solver.addedDamping, smallestFloor * diagonal);
  const pivot = p[slot] ?? 0;
  b[slot] = 0;
  symmetricProduct(inverse, size, filled, b, x);
  const along = dot(p, b, filled) / pivot;
  for (let row = 0; row < filled; row++) x[row] = (x[row] ?? 0) - along * (p[row] ?? 0);
  x[slot] = 0;
  const rest = diagonal + damping - dot(b, x, filled);
  if (!(pivot > 0 && rest >= 0.5 * damping)) return false;
  for (let row = 0; row < filled; row++) x[row] = -(x[row] ?? 0) / rest;
  x[slot] = 1 / rest;
  added[slot] = damping;
  addTwoOuterProducts(inverse, size, filled, rest, x, -1 / pivot, p);
  return true;
}

/** x = x - A^-1 (A x - e_j) where that residual is more than rounding; false where it is too large for that. */
function refine({ gram, size, filled, slot }: GramView, { inverse, added, column: correction, work: residual }: DampedInverse, x: Float64Array): boolean {
  symmetricProduct(gram, size, filled, x, residual);
  let [largest, largestX, largestA] = [0, 0, 0];
  for (let row = 0; row < filled; row++) {
    const known = x[row] ?? 0;
    const difference = (residual[row] ?? 0) + (added[row] ?? 0) * known - (row === slot ? 1 : 0);
    residual[row] = difference;
    largest = Math.max(largest, Math.abs(difference));
    largestX = Math.max(largestX, Math.abs(known));
    largestA = Math.max(largestA, (gram[row * size + row] ?? 0) + (added[row] ?? 0));
  }
  const noise = rounding * largestA * largestX;
  if (largest <= noise) return true;
  if (!(largest <= refinable + 100 * noise)) return false;
  symmetricProduct(inverse, size, filled, residual, correction);
  for (let row = 0; row < filled; row++) x[row] = (x[row] ?? 0) - (correction[row] ?? 0);
  return true;
}

function dot(a: Float64Array, b: Float64Array, count: number): number {
  let sum = 0;
  for (let at = 0; at < count; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}
