/** ReluGradient by TensorFlow's own operation. */
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { withHandles } from './handles';

export const reluGradientOnTensorFlow: KernelFunc = ({ inputs, backend }) => withHandles(backend, handles => (
  handles.adopt(handles.run('ReluGrad', { types: { T: handles.float32 } }, [handles.of(inputs['dy'] as TensorInfo), handles.of(inputs['y'] as TensorInfo)]))
));
