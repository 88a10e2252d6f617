/** The last event of a run whose trainer could not write one itself: how its process ended, in words, and what to do. */
import { nextBest } from '../protocol/fallback';
import type { FinishedEvent } from '../protocol/runEvents';
import type { RunRecord } from '../protocol/runFiles';
import type { RunState } from '../protocol/runState';
import type { Ending } from './trainer';
import { lastWords } from './trainerLog';
import type { TrainerExit } from './trainerProcess';

/** Undefined when nobody saw how the process ended and nobody asked for it: then nothing is known to be written. */
export async function endingOf(
  directory: string, record: RunRecord, state: RunState, exit: TrainerExit, ending: Ending,
): Promise<Pick<FinishedEvent, 'reason' | 'message' | 'fallback'> | undefined> {
  if (ending.stopAsked) return { reason: 'stopped', ...(ending.forced === undefined ? {} : { message: `Its process was ended by force: ${ending.forced}.` }) };
  if (ending.forced !== undefined) return { reason: 'failed', message: await failure(directory, record, `was ended: ${ending.forced}`) };
  if (exit.error === undefined && exit.code === undefined && exit.signal === undefined) return undefined;
  const when = state.started === undefined ? 'before it trained' : `at step ${state.step}`;
  return { reason: 'failed', message: await failure(directory, record, `${how(exit)} ${when}`), ...fallbackAfter(state, exit) };
}

/** A process that a signal ended was most likely brought down by native code, which is the backend's, or by want of memory. */
function fallbackAfter({ started, settings }: RunState, { signal }: TrainerExit): Pick<FinishedEvent, 'fallback'> {
  const { name, alternatives } = started?.backend ?? { name: settings.backend };
  const fallback = signal === undefined || name === 'auto' ? undefined : nextBest(name, alternatives);
  return fallback === undefined ? {} : { fallback };
}

function how({ code, signal, error }: TrainerExit): string {
  if (error !== undefined) return `could not be started (${error})`;
  if (signal === 'SIGKILL') return 'was killed (SIGKILL; the machine may have run out of memory)';
  return signal === undefined ? `ended with exit code ${String(code)}` : `was ended by ${signal}`;
}

async function failure(directory: string, { node }: RunRecord, what: string): Promise<string> {
  const runtime = node === undefined ? '' : ` It ran on Node ${node.version} at ${node.path} (${node.reason}).`;
  const words = await lastWords(directory);
  const heard = words === '' ? ' It printed nothing.' : ` Its last words:\n${words}\n`;
  return `The trainer ${what}.${runtime}${heard}${words === '' ? ' ' : ''}Read trainer.log in the run directory; if this Node cannot run it, name another in the setting efcp.nodePath.`;
}

/** The event itself; figures that the run never had are absent. */
export function finishedEventOf(state: RunState, sequence: number, how: Pick<FinishedEvent, 'reason' | 'message' | 'fallback'>): FinishedEvent {
  const { latest, validation, peak, storedPeak } = state;
  return {
    type: 'finished', sequence, time: state.elapsedMs, ...how, steps: state.step,
    metrics: {
      ...(latest === undefined ? {} : { loss: latest.loss }),
      ...(validation === undefined ? {} : { validationLoss: validation.loss, ...(validation.accuracy === undefined ? {} : { validationAccuracy: validation.accuracy }) }),
    },
    ...(peak === undefined ? {} : { peakBytes: peak.peakBytes, unattributedBytes: peak.bytesAtPeak.unattributed, bytesAtPeak: peak.bytesAtPeak }),
    ...(storedPeak === undefined ? {} : { storedPeak }),
  };
}
