/** Bytes of a residual: 4 or 2 per parameter, or codes of 8 or 4 bits and two bfloat16 extremes for every 1,024 of them. */
export const quantizationBlock = 1024;

export function residualBytes(bits: 4 | 8 | 16 | 32, dimension: number): number {
  const codes = Math.ceil(dimension * bits / 8);
  return bits >= 16 ? codes : codes + 4 * Math.ceil(dimension / quantizationBlock);
}
