/**
 * The least time that each of several ways took, all of them measured in turns: what the machine does beside slows all alike. Ends after so
 * many turns, or when the time is over; a turn that was not finished then counts only where it was the first, and those it did not reach have none.
 */
import { performance } from 'node:perf_hooks';

export interface ProbeControl {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, of: number) => void) | undefined;
}

export interface Turns extends ProbeControl {
  readonly turns: number;
  readonly mostMs: number;
}

/** Each of `ways` returns the milliseconds that it took. Throws the signal's reason where it is aborted. */
export async function timedInTurns(ways: readonly (() => Promise<number>)[], { turns, mostMs, signal, progress }: Turns): Promise<(number | undefined)[]> {
  let least: (number | undefined)[] = [];
  const end = performance.now() + mostMs;
  for (let turn = 0; turn < turns; turn++) {
    const times: number[] = [];
    for (const way of ways) {
      await new Promise(resolve => { setImmediate(resolve); });
      signal?.throwIfAborted();
      if (performance.now() > end) return turn === 0 ? ways.map((_, index) => times[index]) : least;
      progress?.(turn * ways.length + times.length, turns * ways.length);
      times.push(await way());
    }
    least = times.map((ms, index) => Math.min(ms, least[index] ?? ms));
  }
  return least;
}
