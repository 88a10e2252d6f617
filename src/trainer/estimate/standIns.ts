/** What stands in for the weights and examples of a run while it is weighed: zeros, of which nobody draws initial values. */
import { dispose, ones, tile, zeros, type Tensor } from '@tensorflow/tfjs-core';
import type { Dataset } from '../../data/dataset';
import { DenseWeights } from '../../gradients/denseWeights';
import type { Batch, BatchSource } from '../../gradients/gradientSource';
import { ModelBuffers } from '../../gradients/modelBuffers';
import type { Weights } from '../../gradients/weights';
import { Ledger } from '../../memory/ledger';
import type { Model } from '../../models/model';
import type { Settings } from '../../settings/knobs';
import { isPacked } from '../../settings/memoryTechniques';
import type { ArrayShape, SliceShape } from './batchShapes';

/** Makes zeros by repeating a single one, which takes no time where operations compute nothing. To be made before the ledger that is to see nothing of it. */
export class Zeros {
  private readonly ones = Array.from({ length: mostDimensions }, (_, dimensions) => zeros(new Array<number>(dimensions).fill(1)));

  make(shape: readonly number[]): Tensor {
    const one = this.ones[shape.length];
    return one === undefined || shape.length === 0 ? zeros([...shape]) : tile(one, [...shape]);
  }

  dispose(): void {
    dispose(this.ones);
  }
}

const mostDimensions = 7;

export interface WeightsWithBuffers extends Weights {
  readonly modelBuffers: ModelBuffers;
}

/** Held as tensors all the while, or lent to one node at a time, as packedParameters.ts does. */
export class StandInWeights implements WeightsWithBuffers {
  readonly modelBuffers: ModelBuffers;
  private readonly dense: readonly Tensor[] | undefined;

  constructor(private readonly ledger: Ledger, private readonly model: Model, isLent: boolean, private readonly made: Zeros) {
    this.dense = isLent ? undefined : model.parameters.map(({ shape }) => ledger.scope('parameters', () => made.make(shape)));
    this.modelBuffers = new ModelBuffers(ledger, model.buffers);
  }

  get buffers(): readonly Tensor[] {
    return this.modelBuffers.tensors;
  }

  replaceBuffers(places: readonly number[], tensors: readonly Tensor[]): void {
    this.modelBuffers.replace(places, tensors);
  }

  lend<Result>(places: readonly number[], use: (tensors: readonly Tensor[]) => Result): Result {
    const { dense, ledger, model: { parameters }, made } = this;
    if (dense !== undefined) return use(places.map(place => dense[place] as Tensor));
    const lent = places.map(place => ledger.scope('workspace', () => made.make(parameters[place]?.shape ?? [])));
    try {
      return use(lent);
    } finally {
      dispose(lent);
    }
  }

  dispose(): void {
    dispose([...this.dense ?? []]);
    this.modelBuffers.dispose();
  }
}

/** For a placement that replaces them. */
export function denseZeros(ledger: Ledger, { parameters, buffers }: Model): DenseWeights {
  return new DenseWeights(ledger, { parameters: parameters.map(({ name, shape }) => ({ name, shape, deviation: 0 })), buffers }, 1);
}

/** Lets `use` compute with stand-ins, in a ledger of its own. */
export async function withStandIns<Result>(model: Model, settings: Settings, use: (weights: StandInWeights, ledger: Ledger) => Promise<Result>): Promise<Result> {
  const made = new Zeros();
  const ledger = new Ledger();
  let weights: StandInWeights | undefined;
  try {
    weights = new StandInWeights(ledger, model, isPacked(settings), made);
    return await use(weights, ledger);
  } finally {
    weights?.dispose();
    ledger.stop();
    made.dispose();
  }
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
