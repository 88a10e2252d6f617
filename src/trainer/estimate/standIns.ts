/** What stands in for the weights and examples of a run while it is weighed: zeros, of which nobody draws initial values. */
import { dispose, fill, ones, zeros, type Tensor } from '@tensorflow/tfjs-core';
import type { Dataset } from '../../data/dataset';
import { DenseWeights } from '../../gradients/denseWeights';
import type { Batch, BatchSource } from '../../gradients/gradientSource';
import { ModelBuffers } from '../../gradients/modelBuffers';
import type { Weights } from '../../gradients/weights';
import type { Ledger } from '../../memory/ledger';
import type { Model } from '../../models/model';
import type { ArrayShape, SliceShape } from './batchShapes';

export interface StandInWeights extends Weights {
  dispose(): void;
}

/** Held as tensors all the while. */
export function denseZeros(ledger: Ledger, { parameters, buffers }: Model): DenseWeights {
  return new DenseWeights(ledger, { parameters: parameters.map(({ name, shape }) => ({ name, shape, deviation: 0 })), buffers }, 1);
}

/** Lent to one node at a time, as packedParameters.ts does. */
export function lentZeros(ledger: Ledger, { parameters, buffers: specifications }: Model): StandInWeights {
  const buffers = new ModelBuffers(ledger, specifications);
  return {
    buffers: buffers.tensors,
    replaceBuffers: (places, tensors) => { buffers.replace(places, tensors); },
    lend: (places, use) => {
      const lent = places.map(place => ledger.scope('workspace', () => fill([...parameters[place]?.shape ?? []], 0)));
      try {
        return use(lent);
      } finally {
        dispose(lent);
      }
    },
    dispose: () => { buffers.dispose(); },
  };
}

/** Tokens are ones, since 0 is padding, of which there would be nothing to predict. */
export function standInBatch({ inputs, labels }: SliceShape, labelKind: Dataset['labelKind']): (examples: number) => Batch {
  const made = (examples: number, { shape, dtype }: ArrayShape, isToken: boolean): Tensor => (isToken ? ones : zeros)([examples, ...shape], dtype);
  return examples => ({ inputs: inputs.map(input => made(examples, input, input.dtype === 'int32')), labels: made(examples, labels, labelKind === 'tokens') });
}

export function standInSource(slice: SliceShape, labelKind: Dataset['labelKind'], examples: number): BatchSource {
  const make = standInBatch(slice, labelKind);
  return { examples, make: (from, to) => make(to - from) };
}
