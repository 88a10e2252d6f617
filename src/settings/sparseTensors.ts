/**
 * Which tensors of a model are held as their non-zeros only, and how many of these they have: the rule of dynamic sparse
 * reparameterization's own experiments (arXiv 1902.05967), where convolutions of 3 x 3 are sparse, and the first and the last
 * layer and convolutions of 1 x 1 are dense. So a tensor is sparse that
 *   has two or more dimensions,
 *   is no convolution of one position (all but its last two sides are 1),
 *   is neither the first nor the last of those with two or more dimensions, and
 *   is not kept whole by a parameter group ("exact").
 */
import { tensorSettings, type ParameterGroup } from './parameterGroups';
import type { Shaped } from './parameterSpace';

export interface SparseWeights {
  /** Fraction of each sparse tensor's weights that is not zero; 1: nothing is sparse. */
  readonly weightDensity: number;
  readonly groups: readonly ParameterGroup[];
}

/** By place among the tensors. */
export function sparseTensors({ weightDensity, groups }: SparseWeights, tensors: readonly Shaped[]): readonly boolean[] {
  if (weightDensity >= 1) return tensors.map(() => false);
  const weights = tensors.filter(({ shape }) => shape.length >= 2);
  const [first, last] = [weights[0], weights.at(-1)];
  return tensors.map(tensor => tensor.shape.length >= 2 && tensor !== first && tensor !== last && !isPointwise(tensor) && !tensorSettings(groups, tensor).exact);
}

function isPointwise({ shape }: Shaped): boolean {
  return shape.length > 2 && shape.slice(0, -2).every(side => side === 1);
}

/** Non-zeros that a sparse tensor of `length` entries starts with. */
export function initialNonZeros(length: number, weightDensity: number): number {
  return Math.min(length, Math.max(1, Math.floor(weightDensity * length + 0.1)));
}

/** Entries that are stored of each tensor at the start. Rewiring moves them between tensors; their sum stays. */
export function storedCounts(settings: SparseWeights, tensors: readonly Shaped[]): readonly number[] {
  const isSparse = sparseTensors(settings, tensors);
  return tensors.map(({ shape }, index) => {
    const length = shape.reduce((product, side) => product * side, 1);
    return isSparse[index] === true ? initialNonZeros(length, settings.weightDensity) : length;
  });
}
