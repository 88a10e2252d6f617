/** What can be held on this machine, and giving memory back. */
import os from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes that can still be allocated without the system running short; a tenth is left to others. */
export function freeBytes(): number {
  const limit = process.constrainedMemory();
  const limited = limit > 0 && limit < os.totalmem() ? limit - process.memoryUsage.rss() : Number.POSITIVE_INFINITY;
  return 0.9 * Math.min(os.freemem(), limited);
}

/** Collects what is no longer used now, so that large arrays do not lie beside those of the next measurement. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
