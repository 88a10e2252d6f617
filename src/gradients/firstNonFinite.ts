/**
 * Finds where numbers stop being finite in a step: the same slice, seed and weights once more, node by node, forward and, where the loss
 * is finite, backward. Only for a step that has failed: every output and gradient is copied to the host and looked at. Moving statistics
 * stay as they are, and no gradient is handed over.
 *
 * Nodes run in order, so the first whose output is not finite has inputs that are. Where activations are stored in float16 the blame goes
 * to the first output that did not fit.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Ledger } from '../memory/ledger';
import type { Model } from '../models/model';
import { ForwardPass } from './forwardPass';
import type { SliceRequest } from './gradientSource';
import { planOf, type GraphPlan } from './graphPlan';
import { LossValue } from './lossValue';
import { largestOf, OverflowWatch, type Overflow } from './overflowWatch';
import type { Segment } from './recompute/segment';
import type { ActivationStorage } from './storage';
import { BackwardPass } from './tape';
import type { Weights } from './weights';

export type Origin =
  | { readonly where: 'data'; readonly which: 'inputs' | 'labels' }
  /** `parameter`: the first of the layer's own that is not finite, where that is why. */
  | { readonly where: 'output'; readonly layer: string; readonly parameter?: string; readonly overflow?: Overflow }
  | { readonly where: 'loss' }
  | { readonly where: 'gradient'; readonly layer: string; readonly overflow?: Overflow };

export interface SliceOfStep extends Omit<SliceRequest, 'receive'> {
  readonly segments: readonly Segment[];
  readonly storage: ActivationStorage;
  /** As in a step; else as in a validation, which has no batch statistics, no dropout and no gradients. */
  readonly training: boolean;
}

/** Undefined where everything is finite. */
export async function firstNonFinite(ledger: Ledger, slice: SliceOfStep): Promise<Origin | undefined> {
  const { model, batch, seed, slices, segments, training } = slice;
  for (const input of batch.inputs) if (!await isFinite(input)) return { where: 'data', which: 'inputs' };
  if (!await isFinite(batch.labels)) return { where: 'data', which: 'labels' };
  const plan = planOf(model, segments);
  const watch = new OverflowWatch(slice.storage);
  const weights = readOnly(slice.weights);
  const pass = new ForwardPass(ledger, model, weights, training ? plan : { ...plan, onPath: plan.onPath.map(() => false) }, { training, seed, slices, storage: watch.storage });
  try {
    return await inForward(slice, pass, watch) ?? await inLossOrBackward(ledger, { ...slice, weights }, pass, plan, watch);
  } finally {
    pass.dispose();
    await watch.settled();
  }
}

async function inForward({ model, weights, batch }: SliceOfStep, pass: ForwardPass, watch: OverflowWatch): Promise<Origin | undefined> {
  watch.layer = nameOf(model, 0);
  for (const value of pass.walk(batch)) {
    const node = value - model.inputs.length;
    const layer = nameOf(model, node);
    const finite = await pass.values.borrow([value], ([output]) => {
      watch.note(output as Tensor, layer);
      return isFinite(output as Tensor);
    });
    if (!finite) {
      const overflow = await watch.first();
      const parameter = await brokenParameter(model, weights, node);
      return { where: 'output', layer: overflow?.layer ?? layer, ...(parameter === undefined ? {} : { parameter }), ...(overflow === undefined ? {} : { overflow }) };
    }
    watch.layer = nameOf(model, node + 1);
  }
  return undefined;
}

async function inLossOrBackward(ledger: Ledger, slice: SliceOfStep, pass: ForwardPass, plan: GraphPlan, watch: OverflowWatch): Promise<Origin | undefined> {
  const { model, weights, batch, lossScale, training } = slice;
  const last = model.inputs.length + model.nodes.length - 1;
  const loss = pass.values.borrow([last], ([output]) => new LossValue(ledger, model, weights, output as Tensor, batch.labels));
  try {
    const evaluation = await pass.values.borrow([last], ([output]) => loss.read(output as Tensor));
    if (!Number.isFinite(evaluation.loss)) return { where: 'loss' };
    if (!training) return undefined;
    pass.values.noteRead(last);
    pass.values.settle(last, false);
    const backward = new BackwardPass(ledger, { ...slice, receive: () => undefined }, plan, pass);
    for (const { node, made } of backward.walk(last, loss.gradient(lossScale))) {
      for (const gradient of made) {
        if (await isFinite(gradient)) continue;
        const overflow = await watch.first();
        return { where: 'gradient', layer: overflow?.layer ?? nameOf(model, node), ...(overflow === undefined ? {} : { overflow }) };
      }
    }
    return undefined;
  } finally {
    loss.dispose();
  }
}

function nameOf({ nodes }: Model, node: number): string {
  return nodes[node]?.name ?? '';
}

async function brokenParameter({ nodes, parameters }: Model, weights: Weights, node: number): Promise<string | undefined> {
  for (const parameter of nodes[node]?.parameters ?? []) {
    const finite = await weights.lend([parameter], ([lent]) => isFinite(lent as Tensor));
    if (!finite) return parameters[parameter]?.name;
  }
  return undefined;
}

/** The same weights, whose buffers stay what they are. */
function readOnly(weights: Weights): Weights {
  return {
    lend: (places, use) => weights.lend(places, use),
    get buffers() { return weights.buffers; },
    replaceBuffers: (_, tensors) => { for (const tensor of tensors) tensor.dispose(); },
  };
}

async function isFinite(tensor: Tensor): Promise<boolean> {
  return Number.isFinite(await largestOf(tensor));
}
