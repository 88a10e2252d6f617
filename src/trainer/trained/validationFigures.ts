/** How well a trained model predicts the examples held out: loss, accuracy, and for text in classes the figures that its task is judged by. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { evaluationBatches } from '../../data/batchPlan';
import { taskMetrics, type Metric } from '../../evaluation/taskMetrics';
import { Inference } from '../../gradients/inference';
import { LossValue } from '../../gradients/lossValue';
import { withExamples } from '../../gradients/microbatches';
import { isClassification } from '../../settings/dataFit';
import { EvaluationSum } from '../evaluationSum';
import type { Trained } from './loadTrained';

export interface ValidationFigures {
  readonly examples: number;
  readonly loss: number;
  readonly accuracy?: number;
  readonly metrics?: Partial<Record<Metric, number>>;
}

export interface Watching {
  /** Hears how many examples are done. */
  readonly done?: (examples: number) => void;
  readonly stop?: AbortSignal;
}

export async function validationFigures({ settings, dataset, split, model, weights, ledger }: Trained, { done, stop }: Watching = {}): Promise<ValidationFigures> {
  const { data } = settings;
  const started = new Inference(ledger, model, weights).start([]);
  const sum = new EvaluationSum();
  const answers: Answers | undefined = isClassification(data) ? { labels: [], predictions: [] } : undefined;
  let examples = 0;
  for (const batch of evaluationBatches(dataset, split.validation, settings)) {
    stop?.throwIfAborted();
    const evaluation = await withExamples(ledger, 'validation', batch, 0, batch.examples, async ({ inputs, labels }) => {
      const output = started.next(new Int32Array(), inputs);
      const loss = new LossValue(ledger, model, weights, output, labels);
      try {
        if (answers !== undefined) await note(answers, output, labels);
        return await loss.read(output);
      } finally {
        loss.dispose();
        output.dispose();
      }
    });
    sum.add({ ...evaluation, examples: batch.examples, weight: batch.weigh?.(0, batch.examples) ?? batch.examples });
    done?.(examples += batch.examples);
  }
  return { examples, ...sum.mean(), ...(answers !== undefined && isClassification(data) ? { metrics: taskMetrics(data, answers.labels, answers.predictions) } : {}) };
}

interface Answers {
  readonly labels: number[];
  readonly predictions: number[];
}

/** Of a row with one number that number, of any other the place of the largest. */
async function note({ labels, predictions }: Answers, output: Tensor, wanted: Tensor): Promise<void> {
  const [values, own] = await Promise.all([output.data<'float32'>(), wanted.data()]);
  const width = values.length / own.length;
  labels.push(...own);
  for (let row = 0; row < own.length; row++) {
    const some = values.subarray(row * width, (row + 1) * width);
    predictions.push(width === 1 ? some[0] ?? 0 : some.reduce((best, value, place) => value > (some[best] ?? 0) ? place : best, 0));
  }
}
