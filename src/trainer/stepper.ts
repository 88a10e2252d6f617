/**
 * One training step, and the owner of the parameters: forward and backward pass, whose gradients go to the placement of the
 * optimizer as they are finished, and then its update. Only here and in the placement do tensors outlive a step.
 *
 * Bytes held: parameters 4d, and what the placement holds.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { evaluate } from '../gradients/evaluate';
import type { Batch, Evaluation, GradientSource } from '../gradients/gradientSource';
import type { Ledger } from '../memory/ledger';
import { initialValues } from '../models/initialize';
import { parametersOf, type Model } from '../models/model';
import type { ParameterView } from '../optimizers/transformation';
import type { DiagnosticsSample } from '../protocol/diagnostics';
import type { Watch } from './diagnostics';
import { parameterTensor } from './parameterTensor';
import type { Placement, Saving } from './placement';

export type StepResult = Evaluation & { readonly examples: number; /** Of a step that was watched. */ readonly diagnostics?: DiagnosticsSample };

export class Stepper {
  private readonly parameters: Tensor[];

  constructor(private readonly model: Model, private readonly ledger: Ledger, private readonly source: GradientSource, private readonly placement: Placement, seed: number) {
    const specifications = parametersOf(model);
    this.parameters = initialValues(specifications, seed).map((values, index) => parameterTensor(ledger, values, specifications[index]?.shape ?? []));
  }

  /** Forward, backward and update; `step` counts from 1. A loss that is not finite leaves parameters and state untouched. */
  async run(makeBatch: () => Batch, step: number, watch?: Watch): Promise<StepResult> {
    const { ledger, placement } = this;
    const batch = ledger.scope('data', makeBatch);
    const examples = batch.labels.size;
    try {
      const evaluation = await this.source(this.model, this.parameters, batch, (parameter, gradient) => { placement.collect(parameter, gradient); });
      if (!Number.isFinite(evaluation.loss)) return { ...evaluation, examples };
      ledger.enter('update');
      const diagnostics = await placement.update(this.parameters, step, watch);
      return { ...evaluation, examples, ...(diagnostics === undefined ? {} : { diagnostics }) };
    } finally {
      batch.inputs.dispose();
      batch.labels.dispose();
    }
  }

  /** Loss and hits of one batch, without training on it. */
  async evaluate(makeBatch: () => Batch): Promise<Evaluation & { examples: number }> {
    this.ledger.enter('validation');
    const batch = this.ledger.scope('data', makeBatch);
    try {
      return { ...await evaluate(this.ledger, this.model, this.parameters, batch), examples: batch.labels.size };
    } finally {
      batch.inputs.dispose();
      batch.labels.dispose();
    }
  }

  /** Lets `use` read the parameters where they lie; until its promise settles no tensor may be made. */
  lendParameters<Result>(saving: Saving, use: (parameters: readonly ParameterView[]) => Promise<Result>): Promise<Result> {
    return saving.lend(this.parameters, use);
  }

  /** Puts other values in place of all parameters, in order. */
  restoreParameters(values: readonly Float32Array[]): void {
    values.forEach((restored, index) => {
      const { shape } = this.parameters[index] as Tensor;
      this.parameters[index]?.dispose();
      this.parameters[index] = parameterTensor(this.ledger, restored, shape);
    });
  }

  dispose(): void {
    for (const parameter of this.parameters) parameter.dispose();
    this.placement.dispose();
  }
}
