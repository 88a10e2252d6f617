/** Dot product of two runs of one array, `length` entries from `first` and from `second` on, in two sums that need not wait for one another. */
export function runDot(values: Float64Array, first: number, second: number, length: number): number {
  let a = 0;
  let b = 0;
  let at = 0;
  for (; at + 1 < length; at += 2) {
    a += (values[first + at] ?? 0) * (values[second + at] ?? 0);
    b += (values[first + at + 1] ?? 0) * (values[second + at + 1] ?? 0);
  }
  if (at < length) a += (values[first + at] ?? 0) * (values[second + at] ?? 0);
  return a + b;
}
