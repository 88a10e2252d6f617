/** Parameters like those of a model, but fewer or smaller: what they take says what the model's own will. */
import { sizeOf } from '../../models/model';
import type { Shaped } from '../../settings/parameterSpace';

/** Each tensor shorter along its longest dimension, so that all together have about `most` entries at most. */
export function shortened(parameters: readonly Shaped[], most: number): Shaped[] {
  const share = Math.min(1, most / entriesOf(parameters));
  return parameters.map(({ name, shape }) => {
    const longest = shape.indexOf(Math.max(...shape));
    return { name, shape: shape.map((length, axis) => (axis === longest ? Math.max(1, Math.round(share * length)) : length)) };
  });
}

/** As matrices, all dimensions but the last by the last one, of which none is longer than `longest`. */
export function asSmallMatrices(parameters: readonly Shaped[], longest: number): Shaped[] {
  return parameters.map(({ name, shape }) => {
    const sides = shape.length < 2 ? shape : [sizeOf(shape.slice(0, -1)), shape.at(-1) ?? 1];
    return { name, shape: sides.map(side => Math.min(side, longest)) };
  });
}

export function entriesOf(parameters: readonly Shaped[]): number {
  return parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}
