/**
 * Lets operations of the wasm backend make their results without computing them: tensors of the right type and shape come and go as
 * ever, in no time, and what they hold is whatever was there. That is enough to say what a step will hold.
 *
 * TensorFlow.js's kernels reach their compiled code through functions that they ask for once, when the backend is set up; here they are
 * asked to do so again, first for functions that do nothing, and afterwards for the real ones. Ours find theirs in `Heap`.
 */
import { getKernelsForBackend, util } from '@tensorflow/tfjs-core';
import type { BackendKernels } from './kernelModule';
import type { WasmBackend } from './wasmBackend';

/** So few numbers are zeros, so that a loss is finite. */
const few = 64;

/** A gather says where it found no index out of range; nothing else that is returned decides what is made. */
export const hollowKernels = new Proxy({} as BackendKernels, { get: (_, name) => () => (name === 'gather' ? -1 : 0) });

let isHollow = false;

/** Of the whole process, since what TensorFlow.js's kernels call is. */
export function computes(): boolean {
  return !isHollow;
}

/** Until what `body` promises has settled, no other operation may run. */
export async function withoutComputing<Result>(backend: WasmBackend, body: () => Promise<Result>): Promise<Result> {
  const makeOutput = backend.makeOutput.bind(backend);
  try {
    isHollow = true;
    setUp({ wasm: { cwrap: () => () => 0 } });
    backend.makeOutput = (...parameters) => {
      const output = makeOutput(...parameters);
      if (util.sizeFromShape(output.shape) <= few) backend.typedArrayFromHeap(output).fill(0);
      return output;
    };
    return await body();
  } finally {
    isHollow = false;
    // What shadows the prototype's method is ours.
    delete (backend as Partial<WasmBackend>).makeOutput;
    setUp(backend);
  }
}

function setUp(backend: object): void {
  for (const { setupFunc } of getKernelsForBackend('wasm')) setupFunc?.(backend);
}
