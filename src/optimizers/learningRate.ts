/** The step itself: -learningRate * u, to be added to the parameters. Holds nothing. */
import type { Transformation } from './transformation';

export function scaleByLearningRate(learningRate: () => number): Transformation<undefined> {
  return {
    name: 'learningRate',
    init: () => undefined,
    update: ({ dense }) => {
      const factor = -learningRate();
      for (let at = 0; at < dense.length; at++) dense[at] = factor * (dense[at] ?? 0);
    },
  };
}
