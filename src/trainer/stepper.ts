/**
 * One training step: forward and backward passes over the slices of a batch, whose gradients go to the placement as they are
 * finished, and then its update. Only the placement holds tensors from step to step.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { evaluate } from '../gradients/evaluate';
import type { BatchSource, Evaluation, GradientSource, Share } from '../gradients/gradientSource';
import { withExamples } from '../gradients/microbatches';
import { mixedSeed } from '../gradients/nodeSeed';
import type { Ledger } from '../memory/ledger';
import { nowhere, type Place } from '../memory/stepRecorder';
import type { Model } from '../models/model';
import { NonFiniteGradientError } from '../optimizers/nonFiniteGradient';
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
  /** False where a step broke off in its update, so that parameters and state may be partly those of the next. */
  isIntact = true;

  constructor(
    private readonly model: Model, private readonly ledger: Ledger, private readonly source: GradientSource, private readonly placement: Placement,
    private readonly seed: number, private readonly scaling?: LossScaling,
  ) {}

  /** Forward, backward and update; `step` counts from 1. A loss or gradient that is not finite leaves parameters, buffers and state untouched. */
  async run(batch: BatchSource, step: number, watch?: Watch): Promise<StepResult> {
    const { model, ledger, placement, scaling } = this;
    const { examples } = batch;
    const lossScale = scaling?.scale ?? 1;
    let stands = false;
    placement.buffers.begin();
    try {
      const evaluation = await this.source({
        model, weights: placement.weights, batch, seed: this.seedOf(step), lossScale,
        receive: (parameter, gradient, share) => { this.collect(parameter, gradient, share); },
        arrived: () => placement.arrived?.(),
      });
      if (!Number.isFinite(evaluation.loss)) return { ...evaluation, examples };
      ledger.enter('update');
      ledger.at(updatePlace);
      const update = await this.changing(() => placement.update(step, { watch, lossScale }));
      stands = true;
      scaling?.note(update.skipped === true);
      return { ...evaluation, ...update, examples };
    } finally {
      ledger.at(nowhere);
      placement.buffers.end(stands);
    }
  }

  /** Of what is random in a step. */
  seedOf(step: number): number {
    return mixedSeed(this.seed, step);
  }

  /** Loss and hits of one batch, without training on it. */
  async evaluate(batch: BatchSource): Promise<Evaluated> {
    const { ledger, model, placement: { weights } } = this;
    const { examples } = batch;
    return { ...await withExamples(ledger, 'validation', batch, 0, examples, made => evaluate(ledger, model, weights, made)), examples, weight: batch.weigh?.(0, examples) ?? examples };
  }

  dispose(): void {
    this.placement.dispose();
  }

  private collect(parameter: number, gradient: Tensor, share: Share): void {
    const { placement } = this;
    // A fused update begins with the first gradient.
    if (placement.updatesAtOnce) this.isIntact = false;
    placement.collect(parameter, gradient, share);
  }

  /** Refused gradients change nothing; whatever else goes wrong may have gone wrong halfway. */
  private async changing(update: () => Promise<Update>): Promise<Update> {
    const { placement: { updatesAtOnce } } = this;
    this.isIntact = false;
    try {
      const made = await update();
      this.isIntact = true;
      return made;
    } catch (error) {
      if (error instanceof NonFiniteGradientError && !updatesAtOnce) this.isIntact = true;
      throw error;
    }
  }
}
