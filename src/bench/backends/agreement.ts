/** Whether backends have learned the same: their losses after the same steps from the same seed. */
import type { BackendRow } from './contestant';

/**
 * Relative. Roundings grow along fifty steps, in the residual network most: where one turns a ReLU on or off, gradients jump.
 * Between wasm and tensorflow 0.06 % was measured there, and 0.001 % in the other models.
 */
const agreeingWithin = 0.02;

export interface Agreement {
  readonly agrees: boolean;
  /** The largest difference of two losses, in units of the smaller one. */
  readonly apart: number;
}

/** Undefined where there are fewer than two to compare. */
export function agreement(rows: readonly Pick<BackendRow, 'lossAfter50'>[]): Agreement | undefined {
  const losses = rows.flatMap(({ lossAfter50 }) => (lossAfter50 === null ? [] : [lossAfter50]));
  if (losses.length < 2) return undefined;
  const [least, most] = [Math.min(...losses), Math.max(...losses)];
  const apart = (most - least) / least;
  return { agrees: apart <= agreeingWithin, apart };
}
