/** Changes to a run that goes on: what may be asked for, what it will cost, and which change is the next to undo. */
import type { AppliedEvent, Forecast, RejectedEvent } from '../protocol/runEvents';
import { isOver, type PendingChange, type RunState } from '../protocol/runState';
import { outcomeOf } from '../protocol/stretches';
import type { Settings } from '../settings/knobs';
import { parameterSpace } from '../settings/parameterSpace';
import { InputError } from '../settings/problem';
import { stateBytes, totalBytes } from '../settings/stateBytes';
import { checkChange } from '../settings/validate';

/** Validates a change against the settings that will hold when its turn comes, and predicts its bytes. */
export function requestChange(state: RunState, asked: unknown): PendingChange {
  if (isOver(state.status)) throw refusal('The run is over, so its settings cannot change. Start a new run with them.');
  if (state.started === undefined) throw refusal('The run is still starting, so its settings cannot change yet. Try again when it trains.');
  const before = settingsAfterPending(state);
  const settings = checkChange(asked, before);
  const space = parameterSpace(state.started.parameters);
  const total = (of: Settings) => totalBytes(stateBytes(of, space));
  return { revision: nextRevision(state), settings, predictedDeltaBytes: total({ ...before, ...settings }) - total(before) };
}

/** A change that puts back what the applied change with this revision replaced. */
export function requestUndo(state: RunState, revision: number): PendingChange {
  const applied = state.changes.find(change => change.revision === revision);
  if (applied === undefined) throw refusal(`There is no applied change with revision ${revision} to undo. Choose one of the run's own changes.`);
  return requestChange(state, applied.from);
}

/** What was measured of a change, taken back, or what was expected of it; absent where more than that change lies between. */
export function forecastOfUndo({ changes, stretches }: RunState, revision: number): Forecast | undefined {
  const index = changes.findIndex(change => change.revision === revision);
  const applied = changes[index];
  if (applied === undefined || index !== changes.length - 1) return undefined;
  const { stepMsBefore, ...known } = { ...applied.forecast, ...outcomeOf(stretches, index) };
  const taken = Object.entries(known).flatMap(([name, value]) => value === undefined ? [] : [[name, value === 0 ? 0 : -value] as const]);
  if (taken.length === 0) return undefined;
  return { ...Object.fromEntries(taken), ...(stepMsBefore === undefined || known.stepMs === undefined ? {} : { stepMsBefore: stepMsBefore + known.stepMs }) };
}

/** The newest change that is no undo itself and has not been undone. */
export function lastUndoable(state: RunState): AppliedEvent | undefined {
  const undone = new Set(state.changes.map(change => change.undoes));
  return state.changes.findLast(change => change.undoes === undefined && !undone.has(change.revision));
}

/** A refusal by the editor, in the form of the trainer's; it is no part of the run's log and takes the sequence number of none. */
export function rejection(state: RunState, message: string, sequence: number): RejectedEvent {
  return { type: 'rejected', sequence, time: state.elapsedMs, revision: nextRevision(state), step: state.step, message };
}

function settingsAfterPending(state: RunState): Settings {
  return state.pending.reduce<Settings>((settings, change) => ({ ...settings, ...change.settings }), state.settings);
}

function nextRevision(state: RunState): number {
  const known = [...state.changes, ...state.pending, ...(state.rejected === undefined ? [] : [state.rejected])];
  return known.reduce((highest, { revision }) => Math.max(highest, revision), 0) + 1;
}

function refusal(message: string): InputError {
  return new InputError([{ field: '', message }]);
}
