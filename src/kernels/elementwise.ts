/** Loops over whole vectors, or over a stretch of them where several threads share the work. */
import { saturate } from './saturate';

/** Whether all entries in [from, to) are finite numbers: a NaN or an infinity times zero is NaN. */
export function isFiniteIn(vector: Float32Array, from: number, to: number): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  let at = from;
  for (; at + 3 < to; at += 4) {
    a += (vector[at] ?? 0) * 0;
    b += (vector[at + 1] ?? 0) * 0;
    c += (vector[at + 2] ?? 0) * 0;
    d += (vector[at + 3] ?? 0) * 0;
  }
  for (; at < to; at++) a += (vector[at] ?? 0) * 0;
  return a + b + c + d === 0;
}

/**
 * theta = theta - rate * (u + decay * theta) for entries [from, to) of a tensor: `values` holds theta, and `vector` from entry
 * `start` on u, which becomes what was added. Both stay finite.
 */
export function descendIn(vector: Float32Array, start: number, values: Float32Array, rate: number, decay: number, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    const value = values[at] ?? 0;
    const update = Math.fround(saturate(-rate * ((vector[start + at] ?? 0) + decay * value)));
    vector[start + at] = update;
    values[at] = saturate(value + update);
  }
}
