/**
 * PackHalf and UnpackHalf by TensorFlow's own Cast to a type of two bytes, which rounds to nearest even, and Bitcast, which copies nothing.
 * What becomes of a NaN depends on the processor: a NaN, with its sign and more of its bits than ours, or without.
 */
import { util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import { packedSize, type HalfFormat, type PackAttributes, type UnpackAttributes } from '../halfKernels';
import { withHandles } from './handles';

/** As TensorFlow's C API numbers them. */
const dataTypes: Readonly<Record<HalfFormat, number>> = { float16: 19, bfloat16: 14 };

const toNearest = { Truncate: false };

export const packHalfOnTensorFlow: KernelFunc = ({ inputs, attrs, backend }) => withHandles(backend, handles => {
  const [x, { format }] = [inputs['x'] as TensorInfo, attrs as unknown as PackAttributes];
  const [type, size] = [dataTypes[format], util.sizeFromShape(x.shape)];
  const halves = handles.reshape(handles.run('Cast', { types: { SrcT: handles.float32, DstT: type }, flags: toNearest }, [handles.of(x)]).id, type, [size]);
  const even = size % 2 === 0 ? halves : handles.run('Pad', { types: { T: type, Tpaddings: handles.int32 } }, [halves.id, handles.integers([1, 2], [0, 1])]);
  return handles.adopt(handles.run('Bitcast', { types: { T: type, type: handles.int32 } }, [handles.reshape(even.id, type, [packedSize(size), 2]).id]));
});

export const unpackHalfOnTensorFlow: KernelFunc = ({ inputs, attrs, backend }) => withHandles(backend, handles => {
  const { format, shape } = attrs as unknown as UnpackAttributes;
  const [type, size] = [dataTypes[format], util.sizeFromShape([...shape])];
  const pairs = handles.run('Bitcast', { types: { T: handles.int32, type } }, [handles.of(inputs['packed'] as TensorInfo)]);
  const all = handles.reshape(pairs.id, type, [2 * packedSize(size)]);
  const halves = size % 2 === 0 ? all : handles.run('Slice', { types: { T: type, Index: handles.int32 } }, [all.id, handles.integers([1], [0]), handles.integers([1], [size])]);
  return handles.adopt(handles.run('Cast', { types: { SrcT: type, DstT: handles.float32 }, flags: toNearest }, [handles.reshape(halves.id, type, shape).id]));
});
