/** A seed for one epoch (counted from 0) of a run. Knuth's multiplicative constant keeps neighbouring seeds and epochs apart. */
export function epochSeed(seed: number, epoch: number): number {
  return (seed + Math.imul(epoch + 1, 0x9e3779b1)) | 0;
}
