/** One short training run by the trainer's own parts: its losses on the way, and what it comes to on examples it has not seen. */
import { setImmediate } from 'node:timers/promises';
import type { Backend } from '../../backends/backend';
import { plainBatches, trainingBatches, type ExampleBatch } from '../../data/batches';
import type { Dataset } from '../../data/dataset';
import { noAugmentation } from '../../data/moves';
import { splitExamples, type Split } from '../../data/split';
import { Ledger } from '../../memory/ledger';
import { visionModel, type VisionModelName } from '../../models/vision/visionModel';
import type { Settings } from '../../settings/knobs';
import { setUpTraining } from '../memory/trainingSetup';

export interface ParityProblem {
  readonly model: VisionModelName;
  readonly dataset: Dataset;
  readonly steps: number;
  /** Examples that the end is judged by. */
  readonly validationExamples: number;
}

export interface ParityOutcome {
  /** Of each step's batch, before the step. */
  readonly losses: readonly number[];
  readonly validationLoss: number;
  readonly accuracy: number;
  /** Activations and their gradients, at most. */
  readonly activationBytes: number;
  /** Steps that loss scaling skipped. */
  readonly skipped: number;
}

export async function trainVariant({ model: name, dataset, steps, validationExamples }: ParityProblem, settings: Settings, backend: Backend, assets: string, signal: AbortSignal): Promise<ParityOutcome> {
  const split = splitOf(dataset, settings.seed);
  const ledger = new Ledger();
  try {
    const model = await visionModel(name, { inputShape: dataset.inputs[0]?.shape ?? [], classes: dataset.classes ?? 1 }, settings.seed);
    const { stepper } = setUpTraining(model, settings, backend, ledger, assets, steps);
    const losses: number[] = [];
    let [skipped, activationBytes] = [0, 0];
    for (const batch of firstBatches(dataset, split.train, settings, steps)) {
      signal.throwIfAborted();
      ledger.takePeak();
      const { loss, skipped: wasSkipped } = await stepper.run(batch, losses.length + 1);
      if (!Number.isFinite(loss)) throw new Error(`the loss of step ${losses.length + 1} is ${loss}`);
      activationBytes = Math.max(activationBytes, ledger.takePeak().most?.activations ?? 0);
      losses.push(loss);
      skipped += wasSkipped === true ? 1 : 0;
      await setImmediate();
    }
    const sums = { loss: 0, correct: 0, examples: 0 };
    for (const batch of plainBatches(dataset, split.validation.subarray(0, validationExamples), settings.batchSize)) {
      const { loss, correct = Number.NaN, examples } = await stepper.evaluate(batch);
      sums.loss += loss * examples;
      sums.correct += correct;
      sums.examples += examples;
    }
    stepper.dispose();
    return { losses, validationLoss: sums.loss / sums.examples, accuracy: sums.correct / sums.examples, activationBytes, skipped };
  } finally {
    ledger.stop();
  }
}

function splitOf({ examples, ownValidation }: Dataset, seed: number): Split {
  const known = examples - ownValidation;
  return ownValidation === 0 ? splitExamples(examples, 0.1, seed)
    : { train: Uint32Array.from({ length: known }, (_, example) => example), validation: Uint32Array.from({ length: ownValidation }, (_, index) => known + index) };
}

/** Epoch after epoch, until there are so many. */
function* firstBatches(dataset: Dataset, train: Uint32Array, { seed, batchSize }: Settings, steps: number): Generator<ExampleBatch> {
  let taken = 0;
  for (let epoch = 0; ; epoch++) {
    for (const batch of trainingBatches(dataset, train, { seed, batchSize, augmentation: noAugmentation }, epoch)) {
      if (taken++ === steps) return;
      yield batch;
    }
  }
}
