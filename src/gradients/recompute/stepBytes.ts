/**
 * What a step will hold and compute again under given segments, by the rules of the tape (tape.ts): exact bytes of activations and
 * their gradients at the highest instant, and the operations of repeated forward passes.
 */
import type { Model } from '../../models/model';
import { dataflowOf } from './dataflow';
import type { ModelFigures } from './figures';
import { gradientBytes } from './gradientBytes';
import { rerunOf } from './rerun';
import type { Segment } from './segment';
import { withSharedBuffers } from './sharedBuffers';
import { stretchBytes, type StepBytes } from './stretchBytes';

export interface ActivationBytes {
  /** When the forward pass ends. */
  readonly stored: number;
  /** At the highest instant, gradients of activations among it. */
  readonly peak: number;
}

/** `bytesPerElement`: of what is stored; 4, or 2 in pairs of halves. Without the batch itself, whose bytes are `figures.batchBytes`. */
export function predictedActivationBytes(model: Model, segments: readonly Segment[], figures: ModelFigures, bytesPerElement: 2 | 4 = 4): ActivationBytes {
  const step = stepBytes(model, figures, bytesPerElement);
  let [stored, peak, before]: [number, number, readonly number[]] = [0, 0, []];
  for (const { from, to, recompute } of segments) {
    const stretch = stretchBytes(step, from, to, recompute, before);
    peak = Math.max(peak, stored + stretch.backwardPeak);
    stored += stretch.stored;
    before = stretch.storedAfter;
  }
  return { stored, peak: Math.max(peak, endPeak(step, stored)) };
}

/** Of forward passes that are made again. */
export function recomputedFlops(model: Model, segments: readonly Segment[], figures: ModelFigures): number {
  const flow = dataflowOf(model);
  return segments.filter(({ recompute }) => recompute).flatMap(({ from, to }) => rerunOf(flow, from, to).nodes)
    .reduce((sum, node) => sum + (figures.nodes[node]?.flops ?? 0), 0);
}

export function stepBytes(model: Model, figures: ModelFigures, bytesPerElement: 2 | 4): StepBytes {
  const flow = dataflowOf(model);
  return { flow: withSharedBuffers(flow, figures), figures, gradients: gradientBytes(flow, figures), bytesPerElement };
}

/** Between the passes: all that is stored, and what the loss keeps, then the gradient of the output. */
export function endPeak({ flow, figures, gradients }: StepBytes, stored: number): number {
  return stored + Math.max(figures.lossBytes, gradients[flow.nodes] ?? 0);
}
