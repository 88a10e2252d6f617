/** FusedBatchNorm with statistics by channel, which is how training calls it. */
import { FusedBatchNorm, util, type FusedBatchNormAttrs, type FusedBatchNormInputs, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernel } from '../kernel';

type Inputs = Pick<FusedBatchNormInputs, 'x' | 'mean' | 'variance'>;
type Optional = { readonly offset?: TensorInfo; readonly scale?: TensorInfo };

export const fusedBatchNorm = kernel<Inputs, FusedBatchNormAttrs>(FusedBatchNorm, (heap, inputs, { varianceEpsilon }, stock) => {
  const { x, mean, variance, offset, scale } = inputs as typeof inputs & Optional;
  const channels = x.shape.at(-1) ?? 1;
  const isByChannel = [mean, variance, offset, scale].every(input => input === undefined || (input.shape.length === 1 && input.shape[0] === channels && input.dtype === 'float32'));
  if (!isByChannel || x.dtype !== 'float32') return stock();
  const out = heap.output(x.shape);
  const size = util.sizeFromShape(x.shape);
  if (size === 0) return out;
  const address = (input: TensorInfo | undefined) => input === undefined ? 0 : heap.address(input);
  heap.withScratch(channels * 4, factors => {
    heap.kernels.batchNorm(address(x), address(mean), address(variance), address(offset), address(scale), varianceEpsilon, address(out), size / channels, channels, factors);
  });
  return out;
});
