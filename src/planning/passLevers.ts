/** Ways to run the passes of a step in fewer bytes: slices of the batch, and how activations are stored. What is recomputed is passes.ts's. */
import type { Model } from '../models/model';
import { cutsByTokens } from '../settings/dataFit';
import type { Settings } from '../settings/knobs';
import type { Risk } from '../protocol/plan';
import { asGiven, differing, halvingsBetween, type Option } from './option';
import { halfOf } from './stateLevers';

/** The whole batch, and slices of every divisor of it and every power of two. */
export function microbatchOptions(given: Settings, model: Model, examples: number): Option[] {
  const risk = microbatchRisk(model);
  const sizes = Array.from({ length: Math.max(0, Math.ceil(examples) - 1) }, (_, index) => index + 1).filter(size => isPowerOfTwo(size) || (!cutsByTokens(given) && examples % size === 0));
  const halvings = (size: number) => (risk === 'statistics' ? halvingsBetween(Math.min(given.microbatch ?? examples, examples), size) : 0);
  const changes = [null, ...sizes.reverse()].map((microbatch): Option => ({ change: { microbatch }, risk, halvings: halvings(microbatch ?? examples) }));
  return [asGiven, ...differing(given, changes)];
}

/** Batch normalisation takes its statistics from each slice; without it, a slice only changes the order of sums. */
export function microbatchRisk({ buffers }: Pick<Model, 'buffers'>): Risk {
  return buffers.length > 0 ? 'statistics' : 'rounding';
}

export function activationOptions(given: Settings): Option[] {
  return [asGiven, ...given.activationPrecision === 'float32' ? [{ change: { activationPrecision: halfOf(given) }, risk: 'precision' as const, halvings: 1 }] : []];
}

function isPowerOfTwo(size: number): boolean {
  return (size & (size - 1)) === 0;
}
