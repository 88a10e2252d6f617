/** A step for which there was no memory. What it had begun is gone, so that a smaller step can follow where the update had not begun. */
import { asBackendError } from '../../backends/backendError';
import { memoryFix, type MemoryShortage } from '../../protocol/memoryFix';
import { formatMegabytes } from '../../protocol/format';
import { phaseLabels } from '../../protocol/labels';
import { largestOf, type Highest } from './budget';
import type { Finding } from './finding';

/** Of a backend, of the engine that runs JavaScript, and of Node. */
const allocationFailed = /out of memory|no memory left|array buffer allocation failed|invalid (typed )?array (buffer )?length|cannot create a buffer larger|has no room for/i;
/** The backend's module has given up, and answers no more. */
const gaveUp = /abort|lost/i;

/** Undefined where `error` is about something else. `backend`: its name; `isIntact`: whether parameters and state are what they were. */
export function outOfMemory(error: unknown, backend: string, isIntact: boolean, { peakBytes, peakPhase, bytesAtPeak }: Highest, shortage: Omit<MemoryShortage, 'bytes' | 'over'>): Finding | undefined {
  const known = asBackendError(backend, error) ?? error;
  if (!(known instanceof Error) || !allocationFailed.test(known.message)) return undefined;
  const canGoOn = isIntact && !gaveUp.test(known.message);
  const fix = memoryFix({ ...shortage, bytes: bytesAtPeak });
  return {
    kind: 'outOfMemory', isGood: isIntact, canGoOn, cause: error, fix: fix === undefined || canGoOn ? fix : { ...fix, way: 'restart' },
    message: `${known.message} At the highest instant of the step, in the ${phaseLabels[peakPhase]}, ${formatMegabytes(peakBytes)} were live, most of it ${largestOf(bytesAtPeak)}.`,
  };
}
