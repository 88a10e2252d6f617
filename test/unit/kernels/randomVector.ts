/** Reproducible vectors for the tests of the kernels and optimizers. */

/** Uniform in [0, 1), from a 32-bit state (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal entries times `scale`. */
export function normalVector(length: number, seed: number, scale = 1): Float32Array {
  const next = uniform(seed);
  return Float32Array.from({ length }, () => scale * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()));
}

/** Euclidean length of `a - b`, relative to that of `b`. */
export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const difference = Float64Array.from({ length: b.length }, (_, at) => a[at]! - b[at]!);
  return norm(difference) / Math.max(norm(b), Number.MIN_VALUE);
}

export function norm(vector: ArrayLike<number>): number {
  return Math.sqrt(dot(vector, vector));
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
