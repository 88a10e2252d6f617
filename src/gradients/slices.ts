/**
 * A batch cut into slices. With n_k examples of n in slice k:
 *
 *   loss = sum over k of (n_k / n) loss_k,  gradient = sum over k of (n_k / n) gradient_k
 *
 * in the order of the slices, whichever was finished first, so that the same cut gives the same bits. For gradients every product and
 * every sum is rounded to float32.
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
    correct: evaluations.reduce((sum, { correct }) => sum + (correct ?? NaN), 0),
  };
}
