/** Cross-entropy of many classes without a tensor beside the result. */
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { exponentialSumsName, smoothedGradientName } from '../../sequenceKernels';
import { kernel } from '../kernel';

export const exponentialSums = kernel<Record<'logits', TensorInfo>, unknown>(exponentialSumsName, (heap, { logits }) => {
  const leading = logits.shape.slice(0, -1);
  const [largest, sums] = [heap.output(leading), heap.output(leading)];
  heap.kernels.exponentialSums(heap.address(logits), heap.address(largest), heap.address(sums), util.sizeFromShape(leading), logits.shape.at(-1) ?? 0);
  return [largest, sums];
});

export const smoothedGradient = kernel<Record<'logits' | 'lse' | 'share' | 'labels', TensorInfo>, { readonly smoothing: number }>(smoothedGradientName, (heap, { logits, lse, share, labels }, { smoothing }) => {
  const columns = logits.shape.at(-1) ?? 0;
  const wrong = heap.view(labels).findIndex(label => label < 0 || label >= columns);
  if (wrong >= 0) throw new Error(`A label is ${heap.view(labels)[wrong] ?? NaN}; the model's output has ${columns} classes, from 0 to ${columns - 1}.`);
  const out = heap.output(logits.shape);
  if (util.sizeFromShape(out.shape) === 0) return out;
  heap.kernels.smoothedGradient(heap.address(logits), heap.address(lse), heap.address(share), heap.address(labels), heap.address(out), util.sizeFromShape(labels.shape), columns, smoothing);
  return out;
});
