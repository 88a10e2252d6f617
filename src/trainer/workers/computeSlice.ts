/** Loss and weighted gradient of a slice, the same way on every thread: examples as tensors, gradients into a flat vector [d]. */
import { dispose, fill, mul, tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { DirectMemory } from '../../backends/backend';
import type { Evaluation, GradientSource } from '../../gradients/gradientSource';
import type { Ledger } from '../../memory/ledger';
import { parametersOf, sizeOf, type Model } from '../../models/model';

/** What a thread computes with. */
export interface SliceComputer {
  readonly model: Model;
  readonly source: GradientSource;
  readonly ledger: Ledger;
  readonly memory: DirectMemory;
}

export interface SliceData {
  /** Returns the examples [labels.length * size of an input]; asked when no tensor will be made before they are copied. */
  readonly readInputs: () => Float32Array;
  readonly labels: Int32Array;
  /** What the gradient is multiplied with; the loss is not. */
  readonly weight: number;
}

/** Fills `gradient`, unless the loss is no finite number. */
export async function computeSlice({ model, source, ledger, memory }: SliceComputer, parameters: readonly Tensor[], { readInputs, labels, weight }: SliceData, gradient: Float32Array): Promise<Evaluation> {
  const offsets = offsetsOf(model);
  const batch = ledger.scope('data', () => ({
    inputs: copied(memory, [labels.length, ...model.inputShape], readInputs),
    labels: tensor1d(labels.slice(), 'int32'),
  }));
  try {
    return await source(model, parameters, batch, (parameter, ofParameter) => {
      ledger.scope('workspace', () => tidy(() => { gradient.set(memory.view(mul(ofParameter, weight)), offsets[parameter]); }));
    });
  } finally {
    dispose([batch.inputs, batch.labels]);
  }
}

/** Where each parameter starts in the flat vector. */
export function offsetsOf(model: Model): number[] {
  let dimension = 0;
  return parametersOf(model).map(({ shape }) => (dimension += sizeOf(shape)) - sizeOf(shape));
}

/** A tensor of the backend's own. The cpu backend would keep an array that it is given, and a byte of shared memory would count twice. */
export function copied(memory: DirectMemory, shape: readonly number[], read: () => Float32Array): Tensor {
  const tensor = fill([...shape], 0);
  memory.view(tensor).set(read());
  return tensor;
}
