/**
 * Bounds a vector x, in place: first every entry to [-clipValue, clipValue], then the whole to a Euclidean length of
 * clipNorm, x = x min(1, clipNorm / |x|) (arXiv 1211.5063). null bounds nothing. The length is summed in
 * float64, where the squares of float32 numbers neither overflow nor vanish. Holds nothing.
 */
import { norm, scaleRange } from '../kernels/norm';
import type { Settings } from '../settings/knobs';

export function clip(vector: Float32Array, { clipNorm, clipValue }: Pick<Settings, 'clipNorm' | 'clipValue'>): void {
  if (clipValue !== null) for (let at = 0; at < vector.length; at++) vector[at] = Math.max(-clipValue, Math.min(clipValue, vector[at] ?? 0));
  if (clipNorm === null) return;
  const length = norm(vector);
  if (length > clipNorm) scaleRange(vector, clipNorm / length);
}
