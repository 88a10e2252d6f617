/** One step of a model over the tape, with initial weights of its own: loss, gradients, and its buffers afterwards. */
import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import type { Batch } from '../../src/gradients/gradientSource';
import type { HalfFormat } from '../../src/backends/halfKernels';
import { DenseWeights } from '../../src/gradients/denseWeights';
import { halfStorage } from '../../src/gradients/halfStorage';
import { tapeGradients } from '../../src/gradients/tape';
import { Ledger } from '../../src/memory/ledger';
import type { Model } from '../../src/models/model';
import type { Bytes } from '../../src/protocol/samples';

export interface Step {
  readonly loss: number;
  readonly gradients: readonly Float32Array[];
  readonly buffers: readonly Float32Array[];
  /** Live bytes by category when the backward pass begins. */
  readonly kept: Bytes;
}

/** `recompute`: every node is run again in the backward pass. `half`: in which format what is kept is stored. */
export async function modelGradients(model: Model, batch: Batch, { seed = 1, slices = 1, recompute = false, half }: { readonly seed?: number; readonly slices?: number; readonly recompute?: boolean; readonly half?: HalfFormat } = {}): Promise<Step> {
  const ledger = new Ledger();
  const weights = new DenseWeights(ledger, model, 1);
  try {
    const before = memory().numTensors;
    const gradients: Float32Array[] = [];
    let kept: Bytes | undefined;
    const enter = ledger.enter.bind(ledger);
    ledger.enter = phase => {
      if (phase === 'backward') kept = ledger.live();
      enter(phase);
    };
    const tape = tapeGradients(ledger, { segments: ({ nodes }) => [{ from: 0, to: nodes.length, recompute }], ...half === undefined ? {} : { storage: () => halfStorage(ledger, half) } });
    const { loss } = await tape({ model, weights, batch, seed, slices, lossScale: 1, receive: (parameter, gradient) => { gradients[parameter] = Float32Array.from(gradient.dataSync()); } });
    assert.equal(memory().numTensors, before, 'a step leaves tensors behind');
    return { loss, gradients, buffers: weights.buffers.map(buffer => Float32Array.from(buffer.dataSync())), kept: kept! };
  } finally {
    weights.dispose();
    ledger.stop();
  }
}
