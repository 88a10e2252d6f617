/**
 * Adam's scaling (arXiv 1412.6980, algorithm 1; decoupled decay, arXiv 1711.05101, follows with the step):
 *
 *   m = beta1 m + (1 - beta1) g,   v = beta2 v + (1 - beta2) g^2
 *   u = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
 *
 * Holds both moments, 8d bytes.
 */
import { saturate } from '../kernels/saturate';
import type { Transformation } from './transformation';

export type AdamState = { readonly firstMoment: Float32Array; readonly secondMoment: Float32Array };

export interface AdamNumbers {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export interface AdamOptions {
  readonly beta1: () => number;
  readonly beta2: () => number;
  readonly epsilon: () => number;
}

/** Squares of larger numbers leave float32, and an infinite second moment would stop its parameter for good. */
export const largestSquarable = 1.8e19;

export function scaleByAdam({ beta1, beta2, epsilon }: AdamOptions): Transformation<AdamState> {
  return {
    name: 'adam',
    init: ({ dimension }) => createMoments(dimension),
    update: ({ dense }, state, _parameters, step) => adamStep(dense, 0, state, { beta1: beta1(), beta2: beta2(), epsilon: epsilon() }, step),
  };
}

export function createMoments(length: number): AdamState {
  return { firstMoment: new Float32Array(length), secondMoment: new Float32Array(length) };
}

/** Turns as many entries of `vector` as there are moments, from `start`, from g into u. */
export function adamStep(vector: Float32Array, start: number, { firstMoment, secondMoment }: AdamState, { beta1, beta2, epsilon }: AdamNumbers, step: number): void {
  const firstCorrection = 1 - beta1 ** step;
  const secondCorrection = 1 - beta2 ** step;
  for (let at = 0; at < firstMoment.length; at++) {
    const gradient = Math.max(-largestSquarable, Math.min(largestSquarable, vector[start + at] ?? 0));
    const first = beta1 * (firstMoment[at] ?? 0) + (1 - beta1) * gradient;
    const second = beta2 * (secondMoment[at] ?? 0) + (1 - beta2) * gradient * gradient;
    firstMoment[at] = first;
    secondMoment[at] = second;
    vector[start + at] = saturate(first / firstCorrection / (Math.sqrt(second / secondCorrection) + epsilon));
  }
}
