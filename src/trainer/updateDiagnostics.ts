/** How the updates u that an optimizer makes of a gradient g compare with it: in float64, one pass over both. */
import type { DiagnosticsSample } from '../protocol/diagnostics';

export type UpdateDiagnostics = Pick<DiagnosticsSample, 'updateSupport' | 'updateCosine' | 'updateRatio'> & { readonly gradientNorm: number };

export function updateDiagnostics(gradient: Float32Array, updates: Float32Array): UpdateDiagnostics {
  let [gradientSquares, updateSquares, product, nonZero] = [0, 0, 0, 0];
  for (let at = 0; at < gradient.length; at++) {
    const g = gradient[at] ?? 0;
    const u = updates[at] ?? 0;
    gradientSquares += g * g;
    updateSquares += u * u;
    product += g * u;
    if (u !== 0) nonZero++;
  }
  const [gradientNorm, updateNorm] = [Math.sqrt(gradientSquares), Math.sqrt(updateSquares)];
  return {
    gradientNorm, updateSupport: nonZero / gradient.length,
    ...(gradientNorm > 0 ? { updateRatio: updateNorm / gradientNorm } : {}),
    ...(gradientNorm > 0 && updateNorm > 0 ? { updateCosine: Math.max(-1, Math.min(1, product / gradientNorm / updateNorm)) } : {}),
  };
}
