/** One run from its record to its last event, under the editor's trainer process, the CLI and the tests alike. */
import { eachEvent, lastEvent } from '../protocol/runDirectory';
import type { FinishedEvent } from '../protocol/runEvents';
import type { RunRecord } from '../protocol/runFiles';
import type { Settings } from '../settings/knobs';
import { checkChange, checkRunFile, resolveSettings } from '../settings/validate';
import { assemble, type Assembly } from './assemble';
import { CheckpointStore } from './checkpointStore';
import { chooseForRun } from './choice/chooseForRun';
import { withPrediction } from './estimate/beside';
import { failureOf } from './failure';
import type { Mailbox } from './mailbox';
import { recordRun, type Listener } from './recordRun';
import { resume, type Wanted } from './resume';
import { Saver } from './saver';
import { SnapshotStore } from './snapshotStore';
import { Tally } from './tally';
import { train, type TrainingEvent } from './train';

export interface Session {
  readonly directory: string;
  readonly record: RunRecord;
  /** Folder of the files that the build made. */
  readonly assets: string;
  readonly mailbox: Mailbox;
  readonly listen: Listener;
  /** Goes on from the run's newest checkpoint, with what is given here. */
  readonly resume?: Wanted;
}

/** Never throws for what a user can cause: every end is the run's last event. */
export function runSession(session: Session): Promise<FinishedEvent> {
  return recordRun(session.directory, events(session), session.listen);
}

async function* events({ directory, record, assets, mailbox, resume: wanted }: Session): AsyncGenerator<TrainingEvent> {
  const stop = new AbortController();
  void mailbox.stopAsked.then(() => { stop.abort(); });
  const place = { assets, workspace: record.workspace };
  try {
    const recorded = resolveSettings(checkRunFile(record.settings));
    const named = wanted?.backend ?? (wanted && backendSoFar(directory)) ?? recorded.backend;
    const backend = yield* chosen({ ...recorded, backend: named }, place, stop.signal);
    const load = (settings: Settings): Promise<Assembly> => assemble(settings, place, backend);
    const resumed = wanted && await resume(directory, recorded, { ...wanted, backend: named }, load);
    const { settings, run } = resumed ?? { settings: recorded, run: await assemble(recorded, place, backend, { isPredicted: true }) };
    const saver = new Saver(new CheckpointStore(directory, settings.checkpointsKept), run, resumed?.from);
    const snapshots = { store: new SnapshotStore(directory), run: record.id };
    if (wanted?.settings !== undefined) mailbox.postFirst({ type: 'change', revision: nextRevision(directory), settings: checkChange(wanted.settings, settings) });
    const events = train(settings, run, mailbox, { saver, snapshots, isAnswered: record.control !== undefined, ...(resumed === undefined ? {} : { resumed }) });
    yield* withPrediction(events, run.predicted);
  } catch (error) {
    const steps = wanted === undefined ? 0 : stepsRecorded(directory);
    yield stop.signal.aborted ? new Tally().finished('stopped', steps) : new Tally().finished('failed', steps, failureOf(error));
  }
}

/** The backend of a run; that something takes a while is told. */
async function* chosen(settings: Settings, place: Parameters<typeof chooseForRun>[1], stop: AbortSignal): AsyncGenerator<TrainingEvent, Awaited<ReturnType<typeof assemble>>['backend']> {
  const choosing = chooseForRun(settings, place, stop);
  for (;;) {
    const step = await choosing.next();
    if (step.done === true) return step.value;
    yield { type: 'preparing', what: step.value };
  }
}

/** The backend that a run was told to go on with when it was last resumed; undefined where it never was. */
function backendSoFar(directory: string): Settings['backend'] | undefined {
  const restored = lastEvent(directory, event => event.type === 'restored');
  return restored?.settings['backend'] as Settings['backend'] | undefined;
}

/** Changes are numbered through the whole run. */
function nextRevision(directory: string): number {
  let highest = 0;
  for (const event of eachEvent(directory)) if ('revision' in event) highest = Math.max(highest, event.revision);
  return highest + 1;
}

/** A run that could not be resumed stands where it stood. */
function stepsRecorded(directory: string): number {
  const last = lastEvent(directory, event => event.type === 'finished' || 'step' in event);
  return last === undefined ? 0 : last.type === 'finished' ? last.steps : 'step' in last ? last.step : 0;
}
