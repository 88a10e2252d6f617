/** What the layers of a run's model cost for a slice of any number of examples, from one pass over a single stand-in and one over a few. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { scaleFigures, type ModelFigures } from '../../gradients/recompute/figures';
import { measureFigures } from '../../gradients/recompute/measureFigures';
import { few } from '../../gradients/recompute/scaledFigures';
import { Ledger } from '../../memory/ledger';
import type { Model } from '../../models/model';
import type { Settings } from '../../settings/knobs';
import type { RunShapes } from './batchShapes';
import { heldBytes } from './heldBytes';
import type { Subject } from './recordPasses';
import { denseZeros, standInBatch } from './standIns';

export interface ModelCosts {
  readonly model: Model;
  /** Examples of a step; of sequences, of the largest. */
  readonly examples: number;
  /** Of the mean step, in examples as large as those of the largest. */
  readonly meanExamples: number;
  /** Whether all slices of so many examples are alike, so that figures are those of each; of sequences they are those of none larger than the largest. */
  readonly isUniform: boolean;
  /** What layers cost for a slice of so many examples. */
  readonly figuresFor: (examples: number) => ModelFigures;
  /** Workspace that a step with these settings holds in any case, beside whatever its layers need. */
  readonly workspaceOf: (settings: Settings) => Workspace;
}

export interface Workspace {
  /** From beginning to end. */
  readonly lasting: number;
  /** At the highest instant of an update, when nothing of the passes is left. */
  readonly update: number;
}

/** `shapes`: those of batches that are not cut into slices. */
export async function modelCosts({ model, dataset, backend }: Subject, { training, varies, steps }: RunShapes, assets: string): Promise<ModelCosts> {
  const [slice] = training.largest;
  if (slice === undefined) throw new Error('A run without batches has no costs.');
  const ledger = new Ledger();
  const weights = denseZeros(ledger, model);
  const make = standInBatch(slice, dataset.labelKind);
  const measured = async (examples: number): Promise<{ batch: number; figures: ModelFigures }> => {
    const batch = make(examples);
    try {
      return { batch: examples, figures: await measureFigures(model, weights, batch) };
    } finally {
      for (const tensor of [...batch.inputs, batch.labels] as Tensor[]) tensor.dispose();
    }
  };
  try {
    const [one, some] = [await measured(1), await measured(few)];
    return {
      model, examples: slice.examples, meanExamples: training.share * slice.examples, isUniform: !varies, figuresFor: examples => scaleFigures(one, some, examples),
      workspaceOf: settings => {
        const { always, updates } = heldBytes({ settings, model, backend, totalSteps: steps, assets });
        return { lasting: always.workspace, update: always.workspace + Math.max(0, ...updates) };
      },
    };
  } finally {
    weights.dispose();
    ledger.stop();
  }
}
