/**
 * Coefficients of a linear combination as the device's kernels take them: with p_r the power of two of row r,
 *   sum_r coefficient_r row_r = scale * sum_r weight_r (row_r / p_r),   weight_r = coefficient_r p_r / scale
 * where the scale is a power of two such that the magnitudes of the weights add up to at most 2, and each weight is the sum
 * of two float32 numbers.
 */
export interface Weights {
  readonly pairs: Float32Array; // [count, 2]
  readonly scale: number;
}

const [smallestExponent, largestExponent] = [-126, 125];

export function weightsOf(coefficients: Float64Array, powers: Float64Array, count: number): Weights {
  let sum = 0;
  for (let row = 0; row < count; row++) sum += Math.abs((coefficients[row] ?? 0) * (powers[row] ?? 0));
  const exponent = sum === 0 ? 0 : Math.ceil(Math.log2(sum));
  const scale = 2 ** Math.max(smallestExponent, Math.min(largestExponent, exponent));
  // A combination that may leave float32 is shortened, rather than let one entry saturate and not another.
  const divisor = Math.max(scale, sum / 2);
  const pairs = new Float32Array(2 * count);
  for (let row = 0; row < count; row++) {
    const weight = (coefficients[row] ?? 0) * (powers[row] ?? 0) / divisor;
    pairs[2 * row] = weight;
    pairs[2 * row + 1] = weight - Math.fround(weight);
  }
  return { pairs, scale };
}
