/**
 * Euclidean length of `vector[start]` to `vector[end - 1]`. Squares of any float32 and sums of them stay within float64, so
 * nothing overflows or vanishes.
 */
export function norm(vector: Float32Array, start = 0, end = vector.length): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let at = start;
  for (; at + 3 < end; at += 4) {
    a += (vector[at] ?? 0) ** 2;
    b += (vector[at + 1] ?? 0) ** 2;
    c += (vector[at + 2] ?? 0) ** 2;
    d += (vector[at + 3] ?? 0) ** 2;
  }
  for (; at < end; at++) a += (vector[at] ?? 0) ** 2;
  return Math.sqrt(a + b + c + d);
}

/** Multiplies `vector[start]` to `vector[end - 1]` by `factor`. */
export function scaleRange(vector: Float32Array, factor: number, start = 0, end = vector.length): void {
  for (let at = start; at < end; at++) vector[at] = (vector[at] ?? 0) * factor;
}

/**
 * Adds the squares of a vector's entries to four sums, entry i to sum i mod 4: those of a longer vector, stretch by stretch, give the
 * bits of `norm` where every stretch but the last is a multiple of four long.
 */
export function addSquares(sums: Float64Array, vector: Float32Array): void {
  let [a = 0, b = 0, c = 0, d = 0] = sums;
  let at = 0;
  for (; at + 3 < vector.length; at += 4) {
    a += (vector[at] ?? 0) ** 2;
    b += (vector[at + 1] ?? 0) ** 2;
    c += (vector[at + 2] ?? 0) ** 2;
    d += (vector[at + 3] ?? 0) ** 2;
  }
  for (; at < vector.length; at++) a += (vector[at] ?? 0) ** 2;
  sums.set([a, b, c, d]);
}

export function lengthOf([a = 0, b = 0, c = 0, d = 0]: Float64Array): number {
  return Math.sqrt(a + b + c + d);
}
