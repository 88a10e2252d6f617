/** Bytes of what turns a gram [m, m] into coefficients [m]. */

/** The inverse of the damped gram [m, m] and five vectors [m] (dots, coefficients, added, column, work), in float64. */
export function mfacSolverBytes(window: number): number {
  return 8 * window * window + 40 * window;
}

/** Beside dots and coefficients [m] in float64, scratch: two matrices [m, m] and seven vectors [m] in float64, and the order of the rows [m]. */
export function ggtSolverBytes(window: number): { readonly solver: number; readonly scratch: number } {
  return { solver: 16 * window, scratch: 16 * window * window + 60 * window };
}
