/** What a caller hands over for a step, checked: the tensors of parameters, and their gradients as one flat vector. */
import { concat, reshape, type Tensor } from '@tensorflow/tfjs-core';
import type { ParameterSpace } from '../../settings/parameterSpace';
import { nonFinite } from '../nonFiniteGradient';

export function checkParameters(parameters: readonly Tensor[], { tensors }: ParameterSpace): void {
  const differs = tensors.findIndex(({ length }, index) => parameters[index]?.size !== length);
  if (differs < 0 && parameters.length === tensors.length) return;
  throw new RangeError(`The optimizer was made for ${tensors.length} tensors of parameters, of ${tensors.map(({ length }) => length).join(', ')} entries, but got ${parameters.length}, of ${parameters.map(({ size }) => size).join(', ')}. Pass all of them, in the same order.`);
}

/** [d] */
export function flatten(gradients: readonly Tensor[], { dimension }: ParameterSpace): Tensor {
  const given = gradients.reduce((sum, { size }) => sum + size, 0);
  if (given !== dimension) throw new RangeError(`The optimizer was made for ${dimension} parameters, but got gradients of ${given} entries. Pass those of all parameters, in the same order.`);
  return concat(gradients.filter(({ size }) => size > 0).map(gradient => reshape(gradient, [gradient.size])), 0);
}

/** The error for a gradient [d] that is not finite, which is read back to say where; `remedy` is a sentence. */
export async function nonFiniteOnDevice(flat: Tensor, { tensors }: ParameterSpace, step: number, remedy: string): Promise<Error> {
  const gradient = await flat.data<'float32'>();
  const views = tensors.map(({ name, shape, start, length }) => ({ name, shape, values: gradient.subarray(start, start + length) }));
  return nonFinite(gradient, views, step, remedy);
}
