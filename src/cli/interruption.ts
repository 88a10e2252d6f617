/** Ctrl-C in the terminal: the first asks a command to stop, another one ends the process. */
import { performance } from 'node:perf_hooks';

export const interruptedCode = 130;

/** A terminal sends Ctrl-C to a whole group of processes, and some that start others (npm, timeout) pass it on once more. */
const momentMs = 300;

/** What comes within a moment of the first signal is the same one. */
export function onInterrupt(ask: () => void): void {
  let asked: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (asked === undefined) {
        asked = performance.now();
        ask();
      } else if (performance.now() - asked > momentMs) {
        process.exit(interruptedCode);
      }
    });
  }
}

/** Aborts on the first signal. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  onInterrupt(() => { controller.abort(); });
  return controller.signal;
}
