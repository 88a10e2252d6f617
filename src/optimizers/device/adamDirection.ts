/**
 * Adam's scaling on tensors (arXiv 1412.6980, algorithm 1), as in ../adam.ts, in float32 throughout:
 *
 *   m = beta1 m + (1 - beta1) g,   v = beta2 v + (1 - beta2) g^2,   u = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
 *
 * Holds both moments, 8d bytes.
 */
import { add, clipByValue, div, fill, keep, mul, sqrt, square, type Tensor } from '@tensorflow/tfjs-core';
import { largestSquarable } from '../adam';
import { replaced, type Direction } from './direction';

export interface AdamSettings { readonly beta1: number; readonly beta2: number; readonly epsilon: number }

export function adamDirection(settings: AdamSettings, dimension: number): Direction {
  let firstMoment = keep<Tensor>(fill([dimension], 0));
  let secondMoment = keep<Tensor>(fill([dimension], 0));
  return {
    propose: (gradient, step) => ({
      parts: [], tensors: [],
      accept: () => {
        const { beta1, beta2, epsilon } = settings;
        const bounded = clipByValue(gradient, -largestSquarable, largestSquarable);
        firstMoment = replaced(firstMoment, add(mul(firstMoment, beta1), mul(bounded, 1 - beta1)));
        secondMoment = replaced(secondMoment, add(mul(secondMoment, beta2), mul(square(bounded), 1 - beta2)));
        const size = add(sqrt(mul(secondMoment, 1 / (1 - beta2 ** step))), epsilon);
        return div(mul(firstMoment, 1 / (1 - beta1 ** step)), size);
      },
    }),
    reshape: () => Promise.resolve(),
    state: () => ({ firstMoment: [firstMoment], secondMoment: [secondMoment] }),
    hostState: () => ({}),
  };
}
