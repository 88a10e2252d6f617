/**
 * Bytes of the index that says where the non-zeros of a tensor lie; weights, gradients and moments share it. With n entries, z of
 * them not zero, the smaller of
 *   bitmask         ceil(n / 8)
 *   column indices  2 z + 4 (rows + 1): CSR of 16-bit columns, where a row is 65,536 consecutive entries of the flat tensor
 */
export const indexRow = 65_536;

export function rowsOf(length: number): number {
  return Math.ceil(length / indexRow);
}

/** Of two equally small the bitmask. */
export function isBitmask(length: number, nonZeros: number): boolean {
  return Math.ceil(length / 8) <= csrBytes(length, nonZeros);
}

export function indexBytes(length: number, nonZeros: number): number {
  return Math.min(Math.ceil(length / 8), csrBytes(length, nonZeros));
}

function csrBytes(length: number, nonZeros: number): number {
  return 2 * nonZeros + 4 * (rowsOf(length) + 1);
}
