/** One short training run by the trainer's own parts: its losses on the way, and what it comes to on examples it has not seen. */
import { setImmediate } from 'node:timers/promises';
import type { Backend } from '../../backends/backend';
import { batchPlan, evaluationBatches } from '../../data/batchPlan';
import type { ExampleBatch } from '../../data/batches';
import type { Dataset } from '../../data/dataset';
import { noAugmentation } from '../../data/moves';
import { splitOf } from '../../data/split';
import { Ledger } from '../../memory/ledger';
import { namedModel } from '../../models/namedModel';
import type { Settings } from '../../settings/knobs';
import { EvaluationSum } from '../../trainer/evaluationSum';
import { madeForData } from '../../trainer/runParts';
import { setUpTraining } from '../memory/trainingSetup';
import type { ParityModelName } from './variants';

export interface ParityProblem {
  readonly model: ParityModelName;
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
  const split = splitOf(dataset, 0.1, settings.seed);
  const ledger = new Ledger();
  try {
    const model = await namedModel(name, madeForData(dataset), settings);
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
    const sum = new EvaluationSum();
    for (const batch of evaluationBatches(dataset, split.validation.subarray(0, validationExamples), settings)) sum.add(await stepper.evaluate(batch));
    stepper.dispose();
    const { loss: validationLoss, accuracy = Number.NaN } = sum.mean();
    return { losses, validationLoss, accuracy, activationBytes, skipped };
  } finally {
    ledger.stop();
  }
}

/** Epoch after epoch, until there are so many. */
function* firstBatches(dataset: Dataset, train: Uint32Array, settings: Settings, steps: number): Generator<ExampleBatch> {
  const plan = batchPlan(dataset, train, { ...settings, augmentation: noAugmentation });
  let taken = 0;
  for (let epoch = 0; ; epoch++) {
    for (const batch of plan.epoch(epoch)) {
      if (taken++ === steps) return;
      yield batch;
    }
  }
}
