/** A kernel that replaces or adds to one of the wasm backend's. */
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { Heap } from './heap';

/** The engine's types leave open whether an input is there. */
type Present<Inputs> = { readonly [Name in keyof Inputs]-?: NonNullable<Inputs[Name]> };

/** `stock` is the kernel of the backend that it replaces, with this call's arguments: for what ours does not take. */
type Compute<Inputs, Attributes> = (heap: Heap, inputs: Present<Inputs>, attributes: Attributes, stock: () => TensorInfo) => TensorInfo | TensorInfo[];

export interface CompletedKernel {
  readonly kernelName: string;
  kernelFunc(heapOf: (backend: object) => Heap, stock: KernelFunc | undefined): KernelFunc;
}

/** Says which inputs and attributes the engine passes to the kernel of this name. */
export function kernel<Inputs, Attributes>(kernelName: string, compute: Compute<Inputs, Attributes>): CompletedKernel {
  return {
    kernelName,
    kernelFunc: (heapOf, stock) => args => compute(heapOf(args.backend), args.inputs as unknown as Present<Inputs>, args.attrs as Attributes, () => {
      if (stock === undefined) throw new Error(`The wasm backend has no kernel ${kernelName} for ${typesOf(args.inputs)}. Cast to float32.`);
      return stock(args) as TensorInfo;
    }),
  };
}

function typesOf(inputs: object): string {
  return Object.entries(inputs).map(([name, input]) => `${name} of type ${(input as TensorInfo).dtype}`).join(', ');
}
