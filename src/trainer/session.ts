/** One run from its record to its last event, under the editor's trainer process, the CLI and the tests alike. */
import { readEvents } from '../protocol/runDirectory';
import type { FinishedEvent } from '../protocol/runEvents';
import type { RunRecord } from '../protocol/runFiles';
import { checkRunFile, resolveSettings } from '../settings/validate';
import { assemble } from './assemble';
import { CheckpointStore } from './checkpointStore';
import type { Mailbox } from './mailbox';
import { recordRun, type Listener } from './recordRun';
import { resume } from './resume';
import { Saver } from './saver';
import { Tally } from './tally';
import { train, type TrainingEvent } from './train';

export interface Session {
  readonly directory: string;
  readonly record: RunRecord;
  /** Folder of the files that the build made. */
  readonly assets: string;
  readonly mailbox: Mailbox;
  readonly listen: Listener;
  /** Goes on from the run's newest checkpoint, for so many epochs in all where they are given. */
  readonly resume?: { readonly epochs?: number | undefined };
}

/** Never throws for what a user can cause: every end is the run's last event. */
export function runSession(session: Session): Promise<FinishedEvent> {
  return recordRun(session.directory, events(session), session.listen);
}

async function* events({ directory, record, assets, mailbox, resume: wanted }: Session): AsyncGenerator<TrainingEvent> {
  try {
    const recorded = resolveSettings(checkRunFile(record.settings));
    const place = { assets, workspace: record.workspace };
    const resumed = wanted && await resume(directory, recorded, place, wanted.epochs);
    const { settings, run } = resumed ?? { settings: recorded, run: await assemble(recorded, place) };
    const saver = new Saver(new CheckpointStore(directory, settings.checkpointsKept), run, resumed?.from);
    yield* train(settings, run, mailbox, { saver, ...(resumed === undefined ? {} : { resumed }) });
  } catch (error) {
    yield new Tally().finished('failed', wanted === undefined ? 0 : stepsRecorded(directory), error instanceof Error ? error.message : String(error));
  }
}

/** A run that could not be resumed stands where it stood. */
function stepsRecorded(directory: string): number {
  const last = readEvents(directory).events.findLast(event => event.type === 'finished' || 'step' in event);
  return last === undefined ? 0 : last.type === 'finished' ? last.steps : 'step' in last ? last.step : 0;
}
