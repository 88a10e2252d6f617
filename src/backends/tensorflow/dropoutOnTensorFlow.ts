/** Dropout from TensorFlow's own numbers, which follow from the seed; TensorFlow.js draws them one by one in JavaScript. */
import { util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import { withHandles } from './handles';

export const dropoutOnTensorFlow: KernelFunc = ({ inputs, attrs, backend }) => withHandles(backend, handles => {
  const x = inputs['x'] as TensorInfo;
  const { rate, seed } = attrs as unknown as { readonly rate: number; readonly seed: number };
  const { float32, int32, bool } = handles;
  const shape = handles.integers([1], [util.sizeFromShape(x.shape)]);
  const drawn = handles.run('StatelessRandomUniform', { types: { dtype: float32, T: int32, Tseed: int32 } }, [shape, handles.integers([2], [seed, 0])]);
  const stays = handles.run('GreaterEqual', { types: { T: float32 } }, [drawn.id, handles.floats(Float32Array.of(rate))]);
  const ones = handles.run('Cast', { types: { SrcT: bool, DstT: float32 } }, [stays.id]);
  const factors = handles.run('Mul', { types: { T: float32 } }, [ones.id, handles.floats(Float32Array.of(1 / (1 - rate)))]);
  return handles.adopt(handles.run('Mul', { types: { T: float32 } }, [handles.of(x), handles.reshape(factors.id, float32, x.shape).id]));
});
