/** What low rank keeps of a vector: two factors of every matrix, and the tensors it leaves whole. */
import type { FactorLayout } from '../../kernels/factorLayout';
import type { PowerScratch } from '../../kernels/powerIteration';

export type KeptFactors = {
  readonly layout: FactorLayout;
  readonly factors: Float32Array; // [n], n the layout's length
  readonly scratch: PowerScratch;
};
