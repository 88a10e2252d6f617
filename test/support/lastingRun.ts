/** Runs that keep checkpoints, step by step: what one was stopped at, another goes on from. */
import { listCheckpoints } from '../../src/protocol/checkpointFiles';
import type { Settings } from '../../src/settings/knobs';
import { assemble, type Assembly } from '../../src/trainer/assemble';
import type { Checkpoint } from '../../src/trainer/checkpoint';
import { CheckpointStore, readCheckpoint } from '../../src/trainer/checkpointStore';
import { Mailbox } from '../../src/trainer/mailbox';
import { resume } from '../../src/trainer/resume';
import { Saver } from '../../src/trainer/saver';
import { train, type TrainingEvent } from '../../src/trainer/train';
import { assets } from './assets';

/** Sees every event before the loop goes on. */
export type Observe = (event: TrainingEvent, mailbox: Mailbox, run: Assembly) => void;

export async function trainIn(directory: string, settings: Settings, observe: Observe = () => undefined): Promise<TrainingEvent[]> {
  const run = await assemble(settings, { assets });
  const mailbox = new Mailbox();
  return collect(train(settings, run, mailbox, { saver: saverOf(directory, settings, run) }), run, observe, mailbox);
}

/** `settings`: what the run was started with. */
export async function resumeIn(directory: string, settings: Settings, { epochs, from: checkpoint, observe = () => undefined }: { epochs?: number; from?: string; observe?: Observe } = {}): Promise<TrainingEvent[]> {
  const resumed = await resume(directory, settings, { epochs, from: checkpoint }, saved => assemble(saved, { assets }));
  const { run, from } = resumed;
  const mailbox = new Mailbox();
  return collect(train(resumed.settings, run, mailbox, { saver: saverOf(directory, resumed.settings, run, from), resumed }), run, observe, mailbox);
}

export function newestCheckpoint(directory: string): Promise<Checkpoint> {
  return readCheckpoint(listCheckpoints(directory)[0]!);
}

export function saverOf(directory: string, settings: Settings, run: Assembly, from?: Checkpoint): Saver {
  return new Saver(new CheckpointStore(directory, settings.checkpointsKept), run, from);
}

async function collect(events: AsyncIterable<TrainingEvent>, run: Assembly, observe: Observe, mailbox: Mailbox): Promise<TrainingEvent[]> {
  const collected: TrainingEvent[] = [];
  for await (const event of events) {
    collected.push(event);
    observe(event, mailbox, run);
  }
  return collected;
}
