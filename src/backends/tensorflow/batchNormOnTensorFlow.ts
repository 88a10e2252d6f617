/**
 * BatchNormTraining and its gradient by TensorFlow's fused operations, which on the processor read x two or three times where the composed
 * ones make a dozen tensors of its size. On a GPU they keep other statistics for the gradient, so there the composition computes.
 */
import { util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import type { BatchNormAttributes, ForGradient, ToNormalise } from '../batchNormKernels';
import { withHandles, type Attributes, type Handles } from './handles';
import type { Handle } from './nodeBackend';

export const batchNormOnTensorFlow: KernelFunc = ({ inputs, attrs, backend }) => withHandles(backend, handles => {
  const { x, scale, offset } = inputs as unknown as ToNormalise;
  const { epsilon, relu } = attrs as unknown as BatchNormAttributes;
  const channels = x.shape.at(-1) ?? 1;
  const none = handles.floats(new Float32Array(0));
  const factors = scale === undefined ? handles.floats(new Float32Array(channels).fill(1)) : handles.of(scale);
  const shifts = offset === undefined ? handles.floats(new Float32Array(channels)) : handles.of(offset);
  // The variance is there twice: unbiased for moving statistics, and as it was used.
  const [y, mean, , , variance] = handles.runAll('FusedBatchNormV3', attributes(handles, epsilon, { exponential_avg_factor: 1 }), [inFour(handles, x), factors, shifts, none, none], 6) as [Handle, Handle, Handle, Handle, Handle];
  const result = relu ? handles.run('Relu', { types: { T: handles.float32 } }, [y.id]) : y;
  return [handles.adopt(inShape(handles, result, x)), handles.adopt(mean), handles.adopt(variance)];
});

export const batchNormGradientOnTensorFlow: KernelFunc = ({ inputs, attrs, backend }) => withHandles(backend, handles => {
  const { dy, x, mean, variance, scale, y } = inputs as unknown as ForGradient;
  const { epsilon, relu } = attrs as unknown as BatchNormAttributes;
  const factors = scale === undefined ? handles.floats(new Float32Array(x.shape.at(-1) ?? 1).fill(1)) : handles.of(scale);
  const d = relu ? passed(handles, dy, y) : handles.of(dy);
  const operands = [inFour(handles, dy, d), inFour(handles, x), factors, handles.of(mean), handles.of(variance), handles.floats(new Float32Array(0))];
  const [dx, dScale, dOffset] = handles.runAll('FusedBatchNormGradV3', attributes(handles, epsilon), operands, 5) as [Handle, Handle, Handle];
  return [handles.adopt(inShape(handles, dx, x)), handles.adopt(dScale), handles.adopt(dOffset)];
});

function attributes({ float32 }: Handles, epsilon: number, floats: Readonly<Record<string, number>> = {}): Attributes {
  return { types: { T: float32, U: float32 }, flags: { is_training: true }, floats: { epsilon, ...floats }, strings: { data_format: 'NHWC' } };
}

/** dy where y is positive, else zero. */
function passed(handles: Handles, dy: TensorInfo, y: TensorInfo | undefined): number {
  if (y === undefined) throw new Error('The gradient of batch normalisation with ReLU reads y, which was not given.');
  return handles.run('ReluGrad', { types: { T: handles.float32 } }, [handles.of(dy), handles.of(y)]).id;
}

/** What these operations take: images. */
function inFour(handles: Handles, { shape, ...rest }: TensorInfo, handle = handles.of({ shape, ...rest })): number {
  return shape.length === 4 ? handle : handles.reshape(handle, handles.float32, [util.sizeFromShape(shape.slice(0, -1)), 1, 1, shape.at(-1) ?? 1]).id;
}

function inShape(handles: Handles, result: Handle, { shape }: TensorInfo): Handle {
  return shape.length === 4 ? result : handles.reshape(result.id, handles.float32, shape);
}
