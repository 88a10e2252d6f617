/**
 * Adam's scaling (arXiv 1412.6980, algorithm 1; decoupled decay, arXiv 1711.05101, is a link of its own):
 *
 *   m = beta1 m + (1 - beta1) g,   v = beta2 v + (1 - beta2) g^2
 *   u = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
 *
 * Holds both moments, 8d bytes.
 */
import type { Transformation } from './transformation';

export type AdamState = { readonly firstMoment: Float32Array; readonly secondMoment: Float32Array };

export interface AdamOptions {
  readonly beta1: () => number;
  readonly beta2: () => number;
  readonly epsilon: () => number;
}

/** Squares of larger numbers leave float32, and an infinite second moment would stop its parameter for good. */
const largestSquarable = 1.8e19;

export function scaleByAdam({ beta1, beta2, epsilon }: AdamOptions): Transformation<AdamState> {
  return {
    name: 'adam',
    init: dimension => ({ firstMoment: new Float32Array(dimension), secondMoment: new Float32Array(dimension) }),
    update: ({ dense }, state, _parameters, step) => scale(dense, state, beta1(), beta2(), epsilon(), step),
  };
}

function scale(dense: Float32Array, state: AdamState, beta1: number, beta2: number, epsilon: number, step: number): void {
  const { firstMoment, secondMoment } = state;
  const firstCorrection = 1 - beta1 ** step;
  const secondCorrection = 1 - beta2 ** step;
  for (let at = 0; at < dense.length; at++) {
    const gradient = Math.max(-largestSquarable, Math.min(largestSquarable, dense[at] ?? 0));
    const first = beta1 * (firstMoment[at] ?? 0) + (1 - beta1) * gradient;
    const second = beta2 * (secondMoment[at] ?? 0) + (1 - beta2) * gradient * gradient;
    firstMoment[at] = first;
    secondMoment[at] = second;
    dense[at] = first / firstCorrection / (Math.sqrt(second / secondCorrection) + epsilon);
  }
}
