/** Refuses gradients with NaN or infinite entries before anything has been touched. */
import type { ParameterView } from './transformation';

export class NonFiniteGradientError extends Error {
  override readonly name = 'NonFiniteGradientError';

  constructor(
    /** The first tensor of parameters whose gradient is not finite. */
    readonly parameter: string,
    /** How many entries of that gradient are not. */
    readonly entries: number,
    message: string,
  ) {
    super(message);
  }
}

/** The error for a gradient that is not finite; `remedy` is a sentence. */
export function nonFinite(gradient: Float32Array, parameters: readonly ParameterView[], step: number, remedy: string): NonFiniteGradientError {
  let start = 0;
  const bad = parameters.flatMap(({ name, values }) => {
    const entries = countNonFinite(gradient.subarray(start, start += values.length));
    return entries === 0 ? [] : [{ name, entries, of: values.length }];
  });
  const [first = { name: 'the parameters', entries: countNonFinite(gradient), of: gradient.length }, ...others] = bad;
  const more = others.length === 0 ? '' : ` (and of ${others.length} more)`;
  return new NonFiniteGradientError(first.name, first.entries,
    `The gradient of ${first.name}${more} has ${first.entries} of ${first.of} entries that are NaN or infinite at step ${step}, and only finite ones are allowed. Nothing was changed. ${remedy}`);
}

function countNonFinite(vector: Float32Array): number {
  return vector.reduce((count, entry) => count + (Number.isFinite(entry) ? 0 : 1), 0);
}
