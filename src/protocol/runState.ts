/** What is known of a run, folded from its events one by one: the same in the editor, in the panel and in `efcp replay`. */
import type { Settings } from '../settings/knobs';
import type { FittingFix } from './fittingFix';
import { dispatch, type Handlers } from './handlers';
import { higherStored, type Bytes } from './samples';
import { keptSnapshots } from './snapshotsKept';
import { addToStretch, endStretches, newStretch, stretchesUpTo, type Stretch } from './stretches';
import type { AlarmEvent, AppliedEvent, FinishedEvent, MemorySample, RejectedEvent, RestoredEvent, RunEvent, SampleEvent, SavedEvent, SnapshotEvent, StartedEvent, ValidationEvent } from './runEvents';

/** `interrupted`: its process is gone and it never said that it had finished. */
export type RunStatus = 'starting' | 'running' | 'paused' | 'stopping' | 'completed' | 'stopped' | 'failed' | 'interrupted';

/** A change that was asked for and not yet answered. */
export interface PendingChange {
  readonly revision: number;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Predicted bytes of optimizer state after the change, minus those before. */
  readonly predictedDeltaBytes: number;
}

export interface RunState {
  status: RunStatus;
  /** Why a run failed, or how its process ended. */
  message: string | undefined;
  settings: Settings;
  /** What takes a while before it can start. */
  preparing: string | undefined;
  started: StartedEvent | undefined;
  step: number;
  /** Milliseconds that it has gone on, at the last event. */
  elapsedMs: number;
  latest: SampleEvent | undefined;
  validation: ValidationEvent | undefined;
  /** The sample with the highest peak of the whole run. */
  peak: MemorySample | undefined;
  /** The instant of the whole run at which most was stored, workspace apart. */
  storedPeak: Bytes | undefined;
  changes: AppliedEvent[];
  /** What was measured from the start to the first change, then from each change on: always one more than there are changes. */
  stretches: Stretch[];
  rejected: RejectedEvent | undefined;
  pending: PendingChange[];
  /** The newest checkpoint that it says it has. */
  checkpoint: Pick<SavedEvent, 'step' | 'checkpoint'> | undefined;
  /** Recorded steps that are kept, oldest first. One that a checkpoint knows nothing of stays, as a peak does: it shows what was measured. */
  snapshots: SnapshotEvent[];
  /** Oldest first; a run that went on after one keeps it. */
  alarms: AlarmEvent[];
  /** What is proposed for the alarm with this sequence number, in place of its own fix: weighed beside the run, and recorded nowhere. */
  proposal: { readonly sequence: number; readonly fix: FittingFix } | undefined;
  finished: FinishedEvent | undefined;
}

export function initialState(settings: Settings): RunState {
  return {
    status: 'starting', message: undefined, settings, preparing: undefined, started: undefined, step: 0, elapsedMs: 0, latest: undefined, validation: undefined,
    peak: undefined, storedPeak: undefined, changes: [], stretches: [newStretch()], rejected: undefined, pending: [], checkpoint: undefined, snapshots: [], alarms: [], proposal: undefined, finished: undefined,
  };
}

export function isOver(status: RunStatus): boolean {
  return status === 'completed' || status === 'stopped' || status === 'failed' || status === 'interrupted';
}

/** Folds one event into the state, in place. */
export function applyEvent(state: RunState, event: RunEvent): void {
  state.elapsedMs = event.time;
  const answered = (revision: number) => { state.pending = state.pending.filter(change => change.revision !== revision); };
  const handlers: Handlers<RunEvent> = {
    preparing: ({ what }) => { state.preparing = what; },
    started: started => { state.started = started; state.status = 'running'; state.preparing = undefined; },
    sample: sample => {
      state.step = sample.step;
      state.latest = sample;
      if (sample.memory.peakBytes > (state.peak?.peakBytes ?? -1)) state.peak = sample.memory;
      state.storedPeak = higherStored(state.storedPeak, sample.memory.storedPeak);
      const stretch = state.stretches.at(-1);
      if (stretch !== undefined) addToStretch(stretch, sample);
    },
    validation: validation => { state.validation = validation; },
    applied: applied => {
      answered(applied.revision);
      state.settings = { ...state.settings, ...applied.to };
      state.changes.push(applied);
      state.stretches.push(newStretch());
    },
    rejected: rejected => { answered(rejected.revision); state.rejected = rejected; },
    paused: ({ step }) => { state.status = 'paused'; state.step = step; },
    resumed: () => { state.status = 'running'; },
    saved: saved => { state.checkpoint = saved; },
    notSaved: () => undefined,
    snapshot: snapshot => { state.snapshots = keptSnapshots([...state.snapshots, snapshot]); },
    alarm: alarm => { state.alarms.push(alarm); },
    restored: restored => { restore(state, restored); },
    finished: finished => {
      state.status = finished.reason;
      state.preparing = undefined;
      state.message = finished.message;
      state.step = finished.steps;
      state.finished = finished;
      state.pending = [];
      endStretches(state.stretches, finished);
    },
  };
  dispatch(handlers, event);
}

/** Takes back what came after the checkpoint. A peak that was measured stays one. */
function restore(state: RunState, restored: RestoredEvent): void {
  const { step, settings, totalSteps, backend } = restored;
  const isBefore = (event: { readonly step: number }) => event.step <= step;
  state.status = 'running';
  state.preparing = undefined;
  state.message = undefined;
  state.settings = { ...state.settings, ...settings };
  const isElsewhere = backend.name !== state.started?.backend.name || backend.device !== state.started.backend.device;
  state.started = state.started && { ...state.started, totalSteps, backend };
  state.step = step;
  state.latest = state.latest && isBefore(state.latest) ? state.latest : undefined;
  state.validation = state.validation && isBefore(state.validation) ? state.validation : undefined;
  state.changes = state.changes.slice(0, restored.changes);
  state.stretches = stretchesUpTo(state.stretches, restored, isElsewhere);
  state.rejected = undefined;
  state.pending = [];
  state.checkpoint = restored;
  state.finished = undefined;
}
