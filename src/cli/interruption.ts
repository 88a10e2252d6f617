/** Ctrl-C for commands that work through a list: the first asks them to stop, a second one ends the process. */
export const interruptedCode = 130;

/** Aborts on the first signal. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(interruptedCode);
      controller.abort();
    });
  }
  return controller.signal;
}
