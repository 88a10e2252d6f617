/** One run from its record to its last event, under the editor's trainer process, the CLI and the tests alike. */
import type { FinishedEvent } from '../protocol/runEvents';
import type { RunRecord } from '../protocol/runFiles';
import { checkRunFile, resolveSettings } from '../settings/validate';
import { assemble } from './assemble';
import type { Mailbox } from './mailbox';
import { recordRun, type Listener } from './recordRun';
import { Tally } from './tally';
import { train, type TrainingEvent } from './train';

export interface Session {
  readonly directory: string;
  readonly record: RunRecord;
  /** Folder of the files that the build made. */
  readonly assets: string;
  readonly mailbox: Mailbox;
  readonly listen: Listener;
}

/** Never throws for what a user can cause: every end is the run's last event. */
export function runSession({ directory, record, assets, mailbox, listen }: Session): Promise<FinishedEvent> {
  return recordRun(directory, events(record, assets, mailbox), listen);
}

async function* events(record: RunRecord, assets: string, mailbox: Mailbox): AsyncGenerator<TrainingEvent> {
  try {
    const settings = resolveSettings(checkRunFile(record.settings));
    const run = await assemble(settings, { assets, workspace: record.workspace });
    yield* train(settings, run, mailbox);
  } catch (error) {
    yield new Tally().finished('failed', 0, error instanceof Error ? error.message : String(error));
  }
}
