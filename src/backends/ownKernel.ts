/** A kernel of ours that not every backend has: undefined where the current one lacks it. Inputs that are undefined are left out. */
import { engine, getKernel, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';

export function ownKernel(name: string, inputs: Readonly<Record<string, Tensor | undefined>>, attributes: object): Tensor | Tensor[] | undefined {
  if (!Boolean(getKernel(name, engine().backendName))) return undefined;
  const present = Object.fromEntries(Object.entries(inputs).flatMap(([key, tensor]) => tensor === undefined ? [] : [[key, tensor] as const]));
  return engine().runKernel<Tensor | Tensor[]>(name, present, attributes as NamedAttrMap);
}
