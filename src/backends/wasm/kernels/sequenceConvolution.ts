/** Convolution over time with a kernel for each position and head, and its gradients. */
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { sequenceConvolutionInputGradientName, sequenceConvolutionKernelGradientName, sequenceConvolutionName } from '../../sequenceKernels';
import type { Heap } from '../heap';
import { kernel } from '../kernel';

interface Attributes {
  readonly left: number;
}

export const sequenceConvolution = kernel<Record<'x' | 'kernels', TensorInfo>, Attributes>(sequenceConvolutionName, (heap, { x, kernels }, { left }) => convolved(heap, x, kernels, left, false));

export const sequenceConvolutionInputGradient = kernel<Record<'dy' | 'kernels', TensorInfo>, Attributes>(
  sequenceConvolutionInputGradientName, (heap, { dy, kernels }, { left }) => convolved(heap, dy, kernels, left, true),
);

export const sequenceConvolutionKernelGradient = kernel<Record<'dy' | 'x', TensorInfo>, Attributes & { readonly heads: number; readonly taps: number }>(
  sequenceConvolutionKernelGradientName, (heap, { dy, x }, { heads, taps, left }) => {
    const [batch = 0, length = 0, channels = 0] = x.shape;
    const out = heap.output([batch, length, heads, taps]);
    if (util.sizeFromShape(out.shape) === 0) return out;
    heap.kernels.sequenceKernelGradient(heap.address(dy), heap.address(x), heap.address(out), batch, length, heads, channels / heads, taps, left);
    return out;
  },
);

function convolved(heap: Heap, x: TensorInfo, kernels: TensorInfo, left: number, isGradient: boolean): TensorInfo {
  const [batch = 0, length = 0, channels = 0] = x.shape;
  const [, , heads = 1, taps = 1] = kernels.shape;
  const out = heap.output(x.shape);
  if (util.sizeFromShape(out.shape) === 0) return out;
  heap.kernels.sequenceConvolution(heap.address(x), heap.address(kernels), heap.address(out), batch, length, heads, channels / heads, taps, left, isGradient);
  return out;
}
