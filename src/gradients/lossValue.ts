/** The loss of one slice: that of the model's output, and the penalties on its parameters. */
import { add, dispose, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Ledger } from '../memory/ledger';
import type { Place } from '../memory/stepRecorder';
import type { Model } from '../models/model';
import type { Evaluation } from './gradientSource';
import type { Weights } from './weights';

const lossPlace: Place = { name: 'loss' };

export class LossValue {
  private readonly loss: Tensor;
  private readonly extras: readonly Tensor[];
  private readonly recording: unknown;
  private readonly hits: Tensor | undefined;

  constructor(private readonly ledger: Ledger, private readonly model: Model, weights: Weights, output: Tensor, private readonly labels: Tensor) {
    ledger.at(lossPlace);
    let [extras, recording, hits]: [Tensor[], unknown, Tensor | undefined] = [[], undefined, undefined];
    const ofOutput = ledger.scope('workspace', () => tidy(() => {
      const made = model.loss.forward(output, labels);
      extras = [...made.extras];
      ({ recording, hits } = made);
      return [made.loss, ...extras, ...hits === undefined ? [] : [hits]];
    }));
    for (const extra of extras) ledger.keep(extra);
    this.extras = extras;
    this.recording = recording;
    this.hits = hits;
    this.loss = model.penalties.reduce((sum, penalty) => weights.lend(penalty.parameters, lent => ledger.scope('workspace', () => {
      const total = tidy(() => add(sum, penalty.value(lent)));
      sum.dispose();
      return total;
    })), ofOutput[0] as Tensor);
  }

  /** Waits for the device and copies the figures out. */
  async read(output: Tensor): Promise<Evaluation> {
    const { loss, labels, hits, model: { loss: { countCorrect } } } = this;
    if (hits !== undefined) {
      const [[value = NaN], [correct = NaN, predictions = NaN]] = await Promise.all([loss.data(), hits.data()]);
      return { loss: value, correct, predictions };
    }
    if (countCorrect === undefined) {
      const [value = NaN] = await loss.data();
      return { loss: value };
    }
    const [[value = NaN], rows, wanted] = await Promise.all([loss.data(), output.data(), labels.data()]);
    return { loss: value, correct: countCorrect(rows, wanted, labels.shape[0]) };
  }

  /** The gradient for the output, times `scale`, of that part of the loss which depends on it. What was kept for it dies. */
  gradient(scale: number): Tensor {
    const { ledger, model, extras, labels, recording } = this;
    ledger.at(lossPlace);
    const made = ledger.scope('workspace', () => tidy(() => model.loss.backward(scale, extras, labels, recording)));
    dispose([...extras]);
    return made;
  }

  dispose(): void {
    dispose([this.loss, ...this.extras, ...this.hits === undefined ? [] : [this.hits]]);
  }
}
