/** `efcp train --resume RUNDIR`: takes over a run that has ended, or says why it cannot go on. */
import { checkpointsFrom } from '../protocol/checkpointFiles';
import { isAlive } from '../protocol/processes';
import { whyNotResumed } from '../protocol/resumption';
import { eachEvent, readRecord, writeRecord } from '../protocol/runDirectory';
import type { StartedEvent } from '../protocol/runEvents';
import type { RunRecord } from '../protocol/runFiles';
import { applyEvent, initialState, isOver } from '../protocol/runState';
import type { LiveSettings } from '../settings/knobs';
import { checkChange, checkRunFile, resolveSettings } from '../settings/validate';
import { UsageError } from './usageError';

export interface TakenOver {
  readonly record: RunRecord;
  /** What it said when it began. */
  readonly started: StartedEvent | undefined;
  /** Those that shall change, validated; undefined where none do. */
  readonly settings: Partial<LiveSettings> | undefined;
}

/** `epochs`, where given, takes the place of the run's own; `from`: the checkpoint to go on from; `changes`: live settings that shall be others. */
export function takeOver(directory: string, { epochs, from }: { readonly epochs?: number | undefined; readonly from?: string | undefined }, changes: Readonly<Record<string, unknown>> = {}): TakenOver {
  const record = readRecord(directory);
  const state = initialState(resolveSettings(checkRunFile(record.settings)));
  for (const event of eachEvent(directory)) applyEvent(state, event);
  if (!isOver(state.status) && !(record.pid !== undefined && isAlive(record.pid))) state.status = 'interrupted';
  const refusal = whyNotResumed(state, checkpointsFrom(directory, from), epochs);
  if (refusal !== undefined) throw new UsageError(`${directory} cannot be resumed. ${refusal}`);
  const settings = Object.keys(changes).length === 0 ? undefined : checkChange(changes, state.settings);
  // Its control, where it had any, was that of an editor's trainer: this terminal controls it now.
  const taken = { ...record, control: undefined, pid: process.pid, node: { path: process.execPath, version: process.version, reason: 'runs the command line' } };
  writeRecord(directory, taken);
  return { record: taken, started: state.started, settings };
}
