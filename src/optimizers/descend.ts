/**
 * The step itself: theta = theta - learningRate * (u + weightDecay * theta), decoupled weight decay (arXiv 1711.05101).
 * Each tensor has its own share of the learning rate and may have its own weight decay. Holds nothing.
 */
import type { SparseCompute } from '../kernels/sparseCompute';
import { tensorSettings, type ParameterGroup, type TensorSettings } from '../settings/parameterGroups';
import type { ParameterSpace } from '../settings/parameterSpace';
import type { ParameterView } from './transformation';

/** One for each tensor, in order. */
export function tensorSettingsOf(groups: readonly ParameterGroup[], { tensors }: ParameterSpace): readonly TensorSettings[] {
  return tensors.map(tensor => tensorSettings(groups, tensor));
}

/** `vector` [d] holds u, and then what was added to the parameters. */
export function descend(
  compute: SparseCompute, vector: Float32Array, parameters: readonly ParameterView[], tensors: readonly TensorSettings[], learningRate: number, weightDecay: number,
): void {
  let start = 0;
  parameters.forEach(({ values }, index) => {
    const tensor = tensors[index];
    compute.descend(vector, start, values, learningRate * (tensor?.learningRateScale ?? 1), tensor?.weightDecay ?? weightDecay);
    start += values.length;
  });
}
