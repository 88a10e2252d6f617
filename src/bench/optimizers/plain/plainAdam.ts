/** AdamW with three arrays and one loop. */
import type { PlainOptimizer } from './plainOptimizer';

export interface PlainAdamOptions {
  readonly dimension: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export function plainAdam({ dimension, learningRate, beta1, beta2, epsilon }: PlainAdamOptions): PlainOptimizer {
  const first = new Float32Array(dimension);
  const second = new Float32Array(dimension);
  let step = 0;
  return {
    step: (gradient, parameters) => {
      step++;
      const [firstCorrection, secondCorrection] = [1 - beta1 ** step, 1 - beta2 ** step];
      for (let at = 0; at < dimension; at++) {
        const entry = gradient[at] ?? 0;
        first[at] = beta1 * (first[at] ?? 0) + (1 - beta1) * entry;
        second[at] = beta2 * (second[at] ?? 0) + (1 - beta2) * entry * entry;
        parameters[at] = (parameters[at] ?? 0) - learningRate * (first[at] ?? 0) / firstCorrection / (Math.sqrt((second[at] ?? 0) / secondCorrection) + epsilon);
      }
    },
  };
}
