/**
 * A batch cut into slices, and the loss and gradient of the batch from theirs. With n_k examples of n in slice k:
 *
 *   loss = sum over k of (n_k / n) loss_k,  gradient = sum over k of (n_k / n) gradient_k
 *
 * summed in the order of the slices, rounded to float32 after each, whichever was finished first: the same cut gives the same bits.
 */
import type { Evaluation } from './gradientSource';

export interface Slice {
  /** First example, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** Share of the batch. */
  readonly weight: number;
}

/** As many slices as there are `workers`, or examples where these are fewer; their lengths differ by one at most, the first is the shortest. */
export function cutIntoSlices(examples: number, workers: number): Slice[] {
  const slices = Math.min(workers, examples);
  const start = (slice: number) => Math.floor(examples * slice / slices);
  return Array.from({ length: slices }, (_, slice) => {
    const [from, to] = [start(slice), start(slice + 1)];
    return { from, to, weight: (to - from) / examples };
  });
}

/** Examples of the longest slice of a batch. */
export function longestSlice(examples: number, workers: number): number {
  return Math.ceil(examples / workers);
}

/** Loss and hits of the batch; `evaluations` in the order of `slices`. */
export function joinEvaluations(slices: readonly Slice[], evaluations: readonly Evaluation[]): Evaluation {
  return {
    loss: slices.reduce((sum, { weight }, slice) => sum + weight * (evaluations[slice]?.loss ?? NaN), 0),
    correct: evaluations.reduce((sum, { correct }) => sum + correct, 0),
  };
}

/** Fills `total` with the weighted sum of a stretch of the flat gradients [d], one for every slice, that starts at `offset`. */
export function joinGradients(total: Float32Array, slices: readonly Slice[], gradients: readonly Float32Array[], offset: number): void {
  slices.forEach(({ weight }, slice) => {
    const gradient = (gradients[slice] as Float32Array).subarray(offset, offset + total.length);
    if (slice === 0) for (let index = 0; index < total.length; index++) total[index] = weight * (gradient[index] ?? NaN);
    else for (let index = 0; index < total.length; index++) total[index] = (total[index] ?? NaN) + weight * (gradient[index] ?? NaN);
  });
}
