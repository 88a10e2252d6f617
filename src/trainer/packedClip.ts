/** Clipping as optimizers/clip.ts does it, for vectors that are only seen chunk by chunk: the factor must be known beforehand. */
import { scaleRange } from '../kernels/norm';
import type { Settings } from '../settings/knobs';

export type Clipping = Pick<Settings, 'clipNorm' | 'clipValue'>;

export function clipEntries(vector: Float32Array, { clipValue }: Pick<Clipping, 'clipValue'>): void {
  if (clipValue !== null) for (let at = 0; at < vector.length; at++) vector[at] = Math.max(-clipValue, Math.min(clipValue, vector[at] ?? 0));
}

/** What a vector that is `length` long is multiplied by; 1 where it is short enough. */
export function clipFactor(length: () => number, { clipNorm }: Clipping): number {
  if (clipNorm === null) return 1;
  const found = length();
  return found > clipNorm ? clipNorm / found : 1;
}

export function scale(vector: Float32Array, factor: number): void {
  if (factor !== 1) scaleRange(vector, factor);
}
