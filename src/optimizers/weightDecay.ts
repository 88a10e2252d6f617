/** Decoupled weight decay: u + weightDecay * theta, so that the step shrinks theta by learning rate times weightDecay. Holds nothing. */
import type { Transformation } from './transformation';

export function addDecayedWeights(weightDecay: () => number): Transformation<undefined> {
  return {
    name: 'weightDecay',
    init: () => undefined,
    update: ({ dense }, _state, parameters) => {
      const decay = weightDecay();
      if (decay === 0) return;
      let start = 0;
      for (const { values } of parameters) {
        for (let at = 0; at < values.length; at++) dense[start + at] = (dense[start + at] ?? 0) + decay * (values[at] ?? 0);
        start += values.length;
      }
    },
  };
}
