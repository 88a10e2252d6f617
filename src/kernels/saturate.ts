/** The largest finite float32. */
export const largestFloat = 3.4028234663852886e38;

/** `value`, or the largest float32 of its sign: infinity would never leave a state again, and makes NaN of the next difference. */
export function saturate(value: number): number {
  return value > largestFloat ? largestFloat : value < -largestFloat ? -largestFloat : value;
}
