/**
 * Collects this thread's garbage now. A window that has been replaced is garbage of hundreds of megabytes behind a few small
 * objects, which no collector hurries for, least of all one in a thread that allocates nothing.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

export function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
