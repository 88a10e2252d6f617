/** Loss and hits of one batch: a forward pass in which nothing is kept, so that every layer's input dies with its last reader. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Ledger } from '../memory/ledger';
import type { Model } from '../models/model';
import { ForwardPass } from './forwardPass';
import type { Batch, Evaluation } from './gradientSource';
import { planOf } from './graphPlan';
import { exactStorage } from './halfStorage';
import { LossValue } from './lossValue';
import { keepAll } from './recompute/segment';
import type { Weights } from './weights';

export async function evaluate(ledger: Ledger, model: Model, weights: Weights, batch: Batch): Promise<Evaluation> {
  const plan = planOf(model, keepAll(model));
  const nothingKept = { ...plan, onPath: plan.onPath.map(() => false) };
  const pass = new ForwardPass(ledger, model, weights, nothingKept, { training: false, seed: 1, slices: 1, storage: exactStorage(ledger) });
  try {
    const last = pass.run(batch);
    return await pass.values.borrow([last], async ([output]) => {
      const loss = new LossValue(ledger, model, weights, output as Tensor, batch.labels);
      try {
        return await loss.read(output as Tensor);
      } finally {
        loss.dispose();
      }
    });
  } finally {
    pass.dispose();
  }
}
