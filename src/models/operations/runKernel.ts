import { engine, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';

/** A kernel of the current backend, by name, where no public operation leads to it as it is. */
export function runKernel(name: string, inputs: Readonly<Record<string, Tensor | undefined>>, attributes: object): Tensor {
  return engine().runKernel(name, inputs as Record<string, Tensor>, attributes as NamedAttrMap);
}
