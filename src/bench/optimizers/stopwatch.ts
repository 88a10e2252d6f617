/** Times of work that is repeated, with turns of the event loop in between so that an interruption gets through. */
import { setImmediate } from 'node:timers/promises';

/** Lets signals in; throws where the bench has been interrupted. */
export type Breathe = () => Promise<void>;

export function breathing(signal: AbortSignal): Breathe {
  return async () => {
    await setImmediate();
    signal.throwIfAborted();
  };
}

export interface Repetition {
  /** At least so often, and until so many milliseconds are spent or it was done `most` times. */
  readonly least: number;
  readonly most: number;
  readonly milliseconds: number;
}

/** Milliseconds of each run of `work`; `prepare` comes before each and is not timed. */
export async function repeat(work: (index: number) => void, { least, most, milliseconds }: Repetition, breathe: Breathe, prepare: (index: number) => void = () => undefined): Promise<number[]> {
  const times: number[] = [];
  const started = performance.now();
  while (times.length < least || (times.length < most && performance.now() - started < milliseconds)) {
    prepare(times.length);
    await breathe();
    const begun = performance.now();
    work(times.length);
    times.push(performance.now() - begun);
  }
  return times;
}
