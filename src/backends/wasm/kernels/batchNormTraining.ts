/** BatchNormTraining and its gradient: the statistics, and then each result in one pass over its operands. */
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { batchNormTrainingGradientName, batchNormTrainingName, type BatchNormAttributes } from '../../batchNormKernels';
import type { Heap } from '../heap';
import { kernel } from '../kernel';

type Input = Record<'x', TensorInfo>;
type GradientInputs = Record<'dy' | 'x' | 'mean' | 'variance', TensorInfo>;
type Optional = { readonly scale?: TensorInfo; readonly offset?: TensorInfo; readonly y?: TensorInfo };

export const batchNormTraining = kernel<Input, BatchNormAttributes>(batchNormTrainingName, (heap, inputs, { epsilon, relu }) => {
  const { x, scale, offset } = inputs as typeof inputs & Optional;
  const { positions, channels } = sizes(x);
  if (positions * channels === 0) return [heap.output(x.shape), heap.zeros([channels], 'float32'), heap.zeros([channels], 'float32')];
  const [y, mean, variance] = [heap.output(x.shape), heap.output([channels]), heap.output([channels])];
  const [source, target, means, variances] = [heap.address(x), heap.address(y), heap.address(mean), heap.address(variance)];
  heap.withScratch(8 * channels, scratch => {
    heap.kernels.batchStatistics(source, means, variances, positions, channels, scratch);
    heap.kernels.normalise(source, means, variances, addressOf(heap, scale), addressOf(heap, offset), epsilon, target, positions, channels, relu ? 0 : -Infinity, scratch);
  });
  return [y, mean, variance];
});

export const batchNormTrainingGradient = kernel<GradientInputs, BatchNormAttributes>(batchNormTrainingGradientName, (heap, inputs, { epsilon, relu }) => {
  const { dy, x, mean, variance, scale, y } = inputs as typeof inputs & Optional;
  if (relu && y === undefined) throw new Error('The gradient of batch normalisation with ReLU reads y, which was not given.');
  const { positions, channels } = sizes(x);
  if (positions * channels === 0) return [heap.output(x.shape), heap.zeros([channels], 'float32'), heap.zeros([channels], 'float32')];
  const [dx, dScale, dOffset] = [heap.output(x.shape), heap.output([channels]), heap.output([channels])];
  const [gradient, source, result, means, variances] = [heap.address(dy), heap.address(x), relu ? addressOf(heap, y) : 0, heap.address(mean), heap.address(variance)];
  const [target, scales, offsets] = [heap.address(dx), heap.address(dScale), heap.address(dOffset)];
  heap.withScratch(12 * channels, scratch => {
    heap.kernels.gradientSums(gradient, source, result, means, variances, epsilon, scales, offsets, positions, channels, scratch);
    heap.kernels.inputGradient(gradient, source, result, means, variances, addressOf(heap, scale), epsilon, scales, offsets, target, positions, channels, scratch);
  });
  return [dx, dScale, dOffset];
});

function sizes({ shape }: TensorInfo): { positions: number; channels: number } {
  return { positions: util.sizeFromShape(shape.slice(0, -1)), channels: shape.at(-1) ?? 1 };
}

/** 0 says that there is none. */
function addressOf(heap: Heap, tensor: TensorInfo | undefined): number {
  return tensor === undefined ? 0 : heap.address(tensor);
}
