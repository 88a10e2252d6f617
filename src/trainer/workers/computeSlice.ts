/** Loss and weighted gradient of a slice, the same way on every thread: examples as tensors, gradients into a flat vector [d]. */
import { fill, mul, tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { DirectMemory } from '../../backends/backend';
import type { Evaluation, SliceSource } from '../../gradients/gradientSource';
import { withExamples } from '../../gradients/microbatches';
import type { Weights } from '../../gradients/weights';
import type { Ledger } from '../../memory/ledger';
import { fixedShape, sizeOf, type Model } from '../../models/model';

/** What a thread computes with. */
export interface SliceComputer {
  readonly model: Model;
  readonly source: SliceSource;
  readonly ledger: Ledger;
  readonly memory: DirectMemory;
}

export interface SliceData {
  /** Returns the examples [labels.length * size of an input]; asked when no tensor will be made before they are copied. */
  readonly readInputs: () => Float32Array;
  readonly labels: Int32Array;
  readonly seed: number;
  readonly slices: number;
  /** What the gradient is multiplied with; the loss is not. */
  readonly weight: number;
}

/** Fills `gradient`, unless the loss is no finite number. */
export function computeSlice({ model, source, ledger, memory }: SliceComputer, weights: Weights, { readInputs, labels, seed, slices, weight }: SliceData, gradient: Float32Array): Promise<Evaluation> {
  const offsets = offsetsOf(model);
  const examples = labels.length;
  const make = () => ({ inputs: [copied(memory, [examples, ...fixedShape(model.inputs[0]?.shape ?? [])], readInputs)], labels: tensor1d(labels.slice(), 'int32') });
  return withExamples(ledger, 'forward', { examples, make }, 0, examples, batch => source({
    model, weights, batch, seed, slices, lossScale: 1,
    receive: (parameter, ofParameter) => {
      ledger.scope('workspace', () => tidy(() => { gradient.set(memory.view(mul(ofParameter, weight)), offsets[parameter]); }));
    },
  }));
}

/** Where each parameter starts in the flat vector. */
export function offsetsOf(model: Model): number[] {
  let dimension = 0;
  return model.parameters.map(({ shape }) => (dimension += sizeOf(shape)) - sizeOf(shape));
}

/** A tensor of the backend's own. The cpu backend would keep an array that it is given, and a byte of shared memory would count twice. */
export function copied(memory: DirectMemory, shape: readonly number[], read: () => Float32Array): Tensor {
  const tensor = fill([...shape], 0);
  memory.view(tensor).set(read());
  return tensor;
}
