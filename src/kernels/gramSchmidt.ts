/**
 * Makes vectors orthonormal in float64, each from what those before leave of it: Gram-Schmidt, twice, which is
 * enough. A vector of which next to nothing is left depends on those before, and becomes zero.
 */
import { runDot } from './runDot';

/** Of a vector's length; what is left beyond it is orthogonal to full accuracy after the second pass. */
const tolerance = 1e-10;

/** `vectors` [count, length], row-major; squares of their entries must be within the range of float64. */
export function orthonormalize(vectors: Float64Array, count: number, length: number): void {
  for (let index = 0; index < count; index++) {
    const start = index * length;
    const before = norm(vectors, start, length);
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < start; other += length) remove(vectors, start, other, length);
    }
    const left = norm(vectors, start, length);
    if (!(left > tolerance * before)) vectors.fill(0, start, start + length);
    else for (let at = start; at < start + length; at++) vectors[at] = (vectors[at] ?? 0) / left;
  }
}

function norm(vectors: Float64Array, start: number, length: number): number {
  return Math.sqrt(runDot(vectors, start, start, length));
}

/** Takes the part along the unit vector at `other` out of the one at `start`. */
function remove(vectors: Float64Array, start: number, other: number, length: number): void {
  const along = runDot(vectors, start, other, length);
  for (let at = 0; at < length; at++) vectors[start + at] = (vectors[start + at] ?? 0) - along * (vectors[other + at] ?? 0);
}
