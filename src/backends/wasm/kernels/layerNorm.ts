/** Layer normalisation and its gradient, one pass each. */
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { layerNormGradientName, layerNormName } from '../../layerNormKernels';
import type { Heap } from '../heap';
import { kernel } from '../kernel';

interface Attributes {
  readonly epsilon: number;
}

type Inputs<Name extends string> = Readonly<Record<Name, TensorInfo>>;

export const layerNorm = kernel<Inputs<'x'> & Partial<Inputs<'gamma' | 'beta'>>, Attributes>(layerNormName, (heap, { x, ...rest }, { epsilon }) => {
  const { gamma, beta } = rest as Partial<Inputs<'gamma' | 'beta'>>;
  const out = heap.output(x.shape);
  if (util.sizeFromShape(x.shape) > 0) heap.kernels.layerNorm(heap.address(x), optional(heap, gamma), optional(heap, beta), heap.address(out), ...sizes(x), epsilon);
  return out;
});

export const layerNormGradient = kernel<Inputs<'dy' | 'x'> & Partial<Inputs<'gamma'>>, Attributes>(layerNormGradientName, (heap, { dy, x, ...rest }, { epsilon }) => {
  const { gamma } = rest as Partial<Inputs<'gamma'>>;
  const features = x.shape.slice(-1);
  const [dx, dGamma, dBeta] = [heap.output(x.shape), heap.output(features), heap.output(features)];
  heap.kernels.layerNormGradient(heap.address(dy), heap.address(x), optional(heap, gamma), heap.address(dx), heap.address(dGamma), heap.address(dBeta), ...sizes(x), epsilon);
  return [dx, dGamma, dBeta];
});

/** 0 where there is none. */
function optional(heap: Heap, tensor: TensorInfo | undefined): number {
  return tensor === undefined ? 0 : heap.address(tensor);
}

function sizes({ shape }: TensorInfo): [number, number] {
  return [util.sizeFromShape(shape.slice(0, -1)), shape.at(-1) ?? 1];
}
