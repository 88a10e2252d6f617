/** Kernels of ours that not every backend has; who calls them composes the same of the engine's operations where there is none. */
import { engine, getKernel, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';

/** Inputs dy and y, the output of a ReLU, float32 of one shape; output dy where y is positive, else zero. */
export const reluGradientName = 'ReluGradient';

/** Input x; attributes rate and seed; output like x: each entry divided by 1 - rate, or 0 where it is dropped, which follows from the seed. */
export const dropoutName = 'Dropout';

/** Undefined where the current backend lacks it. Inputs that are undefined are left out. */
export function ownKernel(name: string, inputs: Readonly<Record<string, Tensor | undefined>>, attributes: object): Tensor | Tensor[] | undefined {
  if (!Boolean(getKernel(name, engine().backendName))) return undefined;
  const present = Object.fromEntries(Object.entries(inputs).flatMap(([key, tensor]) => tensor === undefined ? [] : [[key, tensor] as const]));
  return engine().runKernel<Tensor | Tensor[]>(name, present, attributes as NamedAttrMap);
}
