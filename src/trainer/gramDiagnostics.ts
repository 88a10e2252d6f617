/**
 * What the gram of a window says about the preconditioner made of it, on the rows filled so far. With s^2 the eigenvalues of
 * the gram of the rows as they count (GGT: scaled by beta2^age):
 *
 *   effectiveWindow  (sum s^2)^2 / sum s^4, the participation ratio: n for n equally strong orthogonal rows, 1 for rows all alike.
 *                    The sums are the trace and the squared Frobenius norm, so no eigenvalue is needed.
 *   gramCondition    M-FAC: (m damping + s_max^2) / (m damping + s_min^2), of the matrix it inverts
 *                    GGT:   (epsilon + s_max) / (epsilon + s_min)
 *
 * s_max and s_min by the Lanczos method: exact up to 32 rows, from inside the spectrum beyond, so that the condition is a lower bound.
 */
import type { DiagnosticsSample } from '../protocol/diagnostics';
import { isUsedBy, type Settings } from '../settings/knobs';
import { eigenvalueRange, lanczosRoom } from './eigenvalueRange';

/** What a window remembers of its rows' dot products. */
export type GramState = { readonly gram: Float64Array /* [m, m] */; readonly size: number; readonly filled: number; readonly cursor: number };

/** `take` gives room for so many entries. */
export function gramDiagnostics({ gram, size, filled, cursor }: GramState, settings: Settings, take: (length: number) => Float64Array): Pick<DiagnosticsSample, 'gramCondition' | 'effectiveWindow'> {
  const damped = isUsedBy('damping', settings.optimizer);
  const weights = take(filled);
  // Row r is (newest - r) mod m steps old, the newest being the one before the cursor.
  for (let row = 0; row < filled; row++) weights[row] = damped ? 1 : settings.beta2 ** ((cursor - 1 - row + 2 * size) % size);
  const effectiveWindow = participationRatio(gram, size, filled, weights);
  const { smallest, largest } = eigenvalueRange(gram, size, filled, weights, lanczosRoom(filled, take));
  // Rounding may leave eigenvalues of a positive semidefinite matrix below zero.
  const [low, high] = [Math.max(0, smallest), Math.max(0, largest)];
  const added = size * settings.damping;
  const gramCondition = damped ? (added + high) / (added + low) : (settings.epsilon + Math.sqrt(high)) / (settings.epsilon + Math.sqrt(low));
  return { gramCondition, ...(effectiveWindow === undefined ? {} : { effectiveWindow }) };
}

/** Undefined for a matrix of zeros. */
function participationRatio(gram: Float64Array, size: number, filled: number, weights: Float64Array): number | undefined {
  let [trace, squares] = [0, 0];
  for (let row = 0; row < filled; row++) {
    const weight = weights[row] ?? 0;
    trace += weight * weight * (gram[row * size + row] ?? 0);
    for (let column = 0; column < filled; column++) {
      const entry = weight * (weights[column] ?? 0) * (gram[row * size + column] ?? 0);
      squares += entry * entry;
    }
  }
  return squares > 0 ? trace * trace / squares : undefined;
}
