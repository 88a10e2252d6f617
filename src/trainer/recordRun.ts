/**
 * Numbers and times the events of a run, sums samples up to a few a second, and appends everything to `events.jsonl`
 * before anybody else hears of it. Every peak survives the summing. A run that was recorded before goes on where it ended.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { mergeSamples } from '../protocol/points';
import { eachEvent, lineEnd } from '../protocol/runDirectory';
import type { FinishedEvent, RunEvent, SampleEvent } from '../protocol/runEvents';
import { eventsFile } from '../protocol/runFiles';
import type { TrainingEvent } from './train';

/** Listens to what has been recorded. */
export type Listener = (event: RunEvent) => void;

export async function recordRun(directory: string, events: AsyncIterable<TrainingEvent>, listen: Listener): Promise<FinishedEvent> {
  let last: RunEvent | undefined;
  for (const event of eachEvent(directory)) last = event;
  const torn = lineEnd(directory);
  const file = openSync(path.join(directory, eventsFile), 'a');
  if (torn !== '') writeSync(file, torn);
  const begun = performance.now() - (last?.time ?? 0);
  let sequence = last === undefined ? 0 : last.sequence + 1;
  let pending: SampleEvent | undefined;
  let flushed = -Infinity;
  let finished: FinishedEvent | undefined;

  const write = (event: TrainingEvent, time: number) => {
    const stamped = { ...event, sequence: sequence++, time };
    writeSync(file, `${JSON.stringify(stamped)}\n`);
    listen(stamped);
    if (stamped.type === 'finished') finished = stamped;
  };
  const flush = () => {
    if (pending !== undefined) write(pending, pending.time);
    pending = undefined;
  };

  try {
    for await (const event of events) {
      const time = Math.round(performance.now() - begun);
      if (event.type === 'sample') {
        const sample = { ...event, sequence, time };
        pending = pending === undefined ? sample : mergeSamples(pending, sample);
        if (time - flushed < flushInterval(time)) continue;
        flushed = time;
        flush();
      } else {
        flush();
        write(event, time);
      }
    }
  } finally {
    closeSync(file);
  }
  if (finished === undefined) throw new Error('The run ended without saying so');
  return finished;
}

/** 10 samples a second in the first minute, down to one a second after ten: a night of training stays small enough to read. */
function flushInterval(elapsedMs: number): number {
  return Math.min(1000, Math.max(100, elapsedMs / 600));
}
