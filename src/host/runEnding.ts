/** The last event of a run whose trainer could not write one itself: how its process ended, in words, and what to do. */
import { nextBest } from '../protocol/fallback';
import { formatMegabytes } from '../protocol/format';
import { memoryFix } from '../protocol/memoryFix';
import type { AlarmEvent, FinishedEvent } from '../protocol/runEvents';
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

/**
 * The alarm of a process that was ended for want of memory. JavaScript's own memory says so in its last words; when the system ends a
 * process it says nothing, so that SIGKILL, which nobody here sent, is told as the likely cause that it is.
 */
export async function memoryAlarmOf(directory: string, state: RunState, { code, signal }: TrainerExit, { forced, stopAsked }: Ending): Promise<Omit<AlarmEvent, 'sequence' | 'time'> | undefined> {
  if (forced !== undefined || stopAsked) return undefined;
  const ofJavaScript = (signal === 'SIGABRT' || code === 134) && /heap out of memory|allocation failed/i.test(await lastWords(directory));
  if (signal !== 'SIGKILL' && !ofJavaScript) return undefined;
  const { latest, settings, step, checkpoint } = state;
  const held = latest?.memory.held.process;
  const fix = latest && memoryFix({ settings, bytes: latest.memory.bytesAtPeak, slice: settings.microbatch ?? settings.batchSize });
  const who = ofJavaScript ? 'Node ended the trainer because the memory of JavaScript was full.' : 'The trainer was killed (SIGKILL), most likely by the system because the machine ran out of memory.';
  const last = latest === undefined ? '' : ` In its last steps ${formatMegabytes(latest.memory.peakBytes)} were live at most${held === undefined ? '' : `, and its process held ${formatMegabytes(held)}`}.`;
  return {
    type: 'alarm', kind: 'outOfMemory', step, action: 'stopped', ...(fix === undefined ? {} : { fix: { ...fix, way: 'restart' } }), ...(checkpoint === undefined ? {} : { checkpoint: checkpoint.checkpoint }),
    message: `${who}${last}${checkpoint === undefined ? '' : ` The last good state is that of step ${checkpoint.step}, in ${checkpoint.checkpoint}.`}${fix === undefined ? '' : ` ${fix.words}`}`,
  };
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
