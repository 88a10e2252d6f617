/**
 * One training step: forward and backward passes over the slices of a batch, whose gradients go to the placement as they are
 * finished, and then its update. Only the placement holds tensors from step to step.
 */
import { evaluate } from '../gradients/evaluate';
import type { BatchSource, Evaluation, GradientSource } from '../gradients/gradientSource';
import { withExamples } from '../gradients/microbatches';
import { mixedSeed } from '../gradients/nodeSeed';
import type { Ledger } from '../memory/ledger';
import { nowhere, type Place } from '../memory/stepRecorder';
import type { Model } from '../models/model';
import type { Watch } from './diagnostics';
import type { Evaluated } from './evaluationSum';
import type { Placement, Update } from './placement';

/** What the loss is multiplied by, so that gradients of two bytes neither vanish nor overflow. */
export interface LossScaling {
  readonly scale: number;
  /** Tells whether the last step was skipped because a gradient overflowed. */
  note(skipped: boolean): void;
}

export type StepResult = Evaluation & Update & { readonly examples: number };

const updatePlace: Place = { name: 'update' };

export class Stepper {
  constructor(
    private readonly model: Model, private readonly ledger: Ledger, private readonly source: GradientSource, private readonly placement: Placement,
    private readonly seed: number, private readonly scaling?: LossScaling,
  ) {}

  /** Forward, backward and update; `step` counts from 1. A loss that is not finite leaves parameters and state untouched. */
  async run(batch: BatchSource, step: number, watch?: Watch): Promise<StepResult> {
    const { model, ledger, placement, scaling } = this;
    const { examples } = batch;
    const lossScale = scaling?.scale ?? 1;
    const evaluation = await this.source({
      model, weights: placement.weights, batch, seed: mixedSeed(this.seed, step), lossScale,
      receive: (parameter, gradient, share) => { placement.collect(parameter, gradient, share); },
    });
    if (!Number.isFinite(evaluation.loss)) return { ...evaluation, examples };
    ledger.enter('update');
    ledger.at(updatePlace);
    const update = await placement.update(step, { watch, lossScale });
    ledger.at(nowhere);
    scaling?.note(update.skipped === true);
    return { ...evaluation, ...update, examples };
  }

  /** Loss and hits of one batch, without training on it. */
  async evaluate(batch: BatchSource): Promise<Evaluated> {
    const { ledger, model, placement: { weights } } = this;
    ledger.enter('validation');
    const { examples } = batch;
    return { ...await withExamples(ledger, batch, 0, examples, made => evaluate(ledger, model, weights, made)), examples, weight: batch.weigh?.(0, examples) ?? examples };
  }

  dispose(): void {
    this.placement.dispose();
  }
}
