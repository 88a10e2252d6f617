/** Kernels of the engine's, called by ours. */
import { engine, type NamedAttrMap, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';

export function run(kernelName: string, inputs: Record<string, TensorInfo>, attributes: object = {}): Tensor {
  // The engine takes any TensorInfo; its types say Tensor.
  return engine().runKernel<Tensor>(kernelName, inputs as never, attributes as NamedAttrMap);
}
