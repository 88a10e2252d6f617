/**
 * What an optimizer makes of a gradient, in figures, measured at some steps only. With g the gradient as the model gave it,
 * u the updates before learning rate and weight decay (momentum and clipping included) and e the residual after the step:
 *
 *   residualNorm    |e|                         gradientNorm   |g|
 *   residualRatio   |e| / |g|                   updateRatio    |u| / |g|
 *   updateSupport   entries of u that are not zero, of all d
 *   updateCosine    g . u / (|g| |u|)
 *   gramCondition   largest over smallest eigenvalue of what the preconditioner inverts, on the window's rows
 *   effectiveWindow (sum of eigenvalues)^2 / (sum of their squares) of the gram: how many equally strong rows it is worth
 *
 * Absent where an optimizer has no such part, or where it is 0/0.
 */
export const diagnosticNames = [
  'gradientNorm', 'residualNorm', 'residualRatio', 'updateSupport', 'updateCosine', 'updateRatio', 'gramCondition', 'effectiveWindow',
] as const;
export type DiagnosticName = (typeof diagnosticNames)[number];

export type DiagnosticsSample = { [Name in DiagnosticName]?: number | undefined } & {
  /** How many steps were measured; the figures are their means. */
  measured: number;
};

/** One sample for the measured steps of both: means weighted by how many they were. A figure that only one has is kept. */
export function mergeDiagnostics(first: DiagnosticsSample | undefined, second: DiagnosticsSample | undefined): DiagnosticsSample | undefined {
  if (first === undefined || second === undefined) return second ?? first;
  const merged: DiagnosticsSample = { measured: first.measured + second.measured };
  for (const name of diagnosticNames) {
    const [a, b] = [first[name], second[name]];
    const mean = a === undefined ? b : b === undefined ? a : (a * first.measured + b * second.measured) / merged.measured;
    if (mean !== undefined) merged[name] = mean;
  }
  return merged;
}
