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
