/** A run that keeps checkpoints and may be answered while it waits, with somebody who arms what goes wrong. */
import type { BackendPlace } from '../../src/backends/loadBackend';
import type { Settings } from '../../src/settings/knobs';
import { assemble, type Assembly } from '../../src/trainer/assemble';
import { Mailbox } from '../../src/trainer/mailbox';
import { train, type TrainingEvent } from '../../src/trainer/train';
import { assets } from './assets';
import { saverOf } from './lastingRun';

export interface AlarmedRun {
  readonly directory: string;
  readonly settings: Settings;
  /** Where its backend comes from; without one it is embedded. */
  readonly place?: BackendPlace;
  /** Somebody can tell a paused run to go on. */
  readonly isAnswered?: boolean;
  /** Before the first step. */
  readonly prepare?: (run: Assembly) => void;
  readonly observe?: (event: TrainingEvent, mailbox: Mailbox) => void;
}

export async function alarmedRun({ directory, settings, place = { assets }, isAnswered = false, prepare, observe }: AlarmedRun): Promise<TrainingEvent[]> {
  const run = await assemble(settings, place);
  prepare?.(run);
  const mailbox = new Mailbox();
  const events: TrainingEvent[] = [];
  for await (const event of train(settings, run, mailbox, { saver: saverOf(directory, settings, run), isAnswered })) {
    events.push(event);
    observe?.(event, mailbox);
  }
  return events;
}
