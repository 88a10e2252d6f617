/** How many entries of a vector are NaN or infinite. Usually none, which the first loop finds without a branch per entry. */
export function countNonFinite(vector: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = vector.length - vector.length % 4;
  for (let at = 0; at < whole; at += 4) {
    a += (vector[at] ?? 0) * 0;
    b += (vector[at + 1] ?? 0) * 0;
    c += (vector[at + 2] ?? 0) * 0;
    d += (vector[at + 3] ?? 0) * 0;
  }
  for (let at = whole; at < vector.length; at++) a += (vector[at] ?? 0) * 0;
  if (a + b + c + d === 0) return 0;
  return vector.reduce((count, entry) => count + (Number.isFinite(entry) ? 0 : 1), 0);
}
