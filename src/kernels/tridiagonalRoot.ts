/**
 * x = (T^1/2 + epsilon I)^-1 y for a positive semidefinite tridiagonal T, without the eigenvalues of T:
 *
 *   1/(sqrt(s) + epsilon) = 2/pi * integral over t > 0 of t^2 / ((t^2 + epsilon^2) (t^2 + s)) dt
 *
 * With t = e^v the trapezoidal rule converges geometrically: the poles lie pi/2 away from the real axis, so its error is
 * about e^(-pi^2/step) (Trefethen and Weideman, The exponentially convergent trapezoidal rule, 2014). Each node is one
 * tridiagonal solve, of a few hundred in all. Holds nothing.
 */

const step = 0.25;
/** What every node beyond the largest adds up to, in terms of the largest: the integrand falls like 1/t there. */
const tail = 1 / (1 - Math.exp(-step));

export interface RootRange {
  readonly epsilon: number;
  /** About the smallest eigenvalue of T^1/2: one that is below it by some factor loses accuracy by that factor. */
  readonly smallest: number;
  /** No less than the largest eigenvalue of T^1/2. */
  readonly largest: number;
}

/** T has `diagonal` [n] and `beside` [n], whose entry i couples i - 1 and i; writes `x` [n]; `multipliers` and `solution` [n]. */
export function tridiagonalRootSolve(
  diagonal: Float64Array, beside: Float64Array, n: number, { epsilon, smallest, largest }: RootRange, y: Float64Array, x: Float64Array, multipliers: Float64Array, solution: Float64Array,
): void {
  x.fill(0, 0, n);
  const first = 1e5 * (largest + epsilon);
  const last = Math.max(1e-5 * Math.min(smallest, epsilon), 1e-16 * Math.max(smallest, epsilon));
  const nodes = Math.ceil(Math.log(first / last) / step);
  for (let node = 0; node <= nodes; node++) {
    const t = first * Math.exp(-step * node);
    const square = t * t;
    const weight = 2 / Math.PI * step * t * (square / (square + epsilon * epsilon)) * (node === 0 ? tail : 1);
    solve(diagonal, beside, n, square, y, multipliers, solution);
    for (let at = 0; at < n; at++) x[at] = (x[at] ?? 0) + weight * (solution[at] ?? 0);
  }
}

/** solution = (T + added I)^-1 y by L D L^T, whose pivots are never below `added` but for rounding. */
function solve(diagonal: Float64Array, beside: Float64Array, n: number, added: number, y: Float64Array, multipliers: Float64Array, solution: Float64Array): void {
  let inverse = 0;
  let above = 0;
  for (let at = 0; at < n; at++) {
    const coupling = beside[at] ?? 0;
    const multiplier = coupling * inverse;
    multipliers[at] = multiplier;
    inverse = 1 / Math.max(added, (diagonal[at] ?? 0) + added - multiplier * coupling);
    above = (y[at] ?? 0) - multiplier * above;
    solution[at] = above * inverse;
  }
  for (let at = n - 2; at >= 0; at--) solution[at] = (solution[at] ?? 0) - (multipliers[at + 1] ?? 0) * (solution[at + 1] ?? 0);
}
