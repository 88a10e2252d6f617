/** One line about a recorded run for a list of runs, from its record and the end of its events: quick for any length. */
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { listCheckpoints } from '../protocol/checkpointFiles';
import { isAlive } from '../protocol/processes';
import { parseEvent, readRecord } from '../protocol/runDirectory';
import type { FinishedEvent, RestoredEvent, SampleEvent, ValidationEvent } from '../protocol/runEvents';
import { eventsFile } from '../protocol/runFiles';
import { isOver, type RunStatus } from '../protocol/runState';

export interface RunSummary {
  readonly directory: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly status: RunStatus;
  readonly steps: number;
  readonly validationAccuracy?: number;
}

/** Ended before it was complete, with a checkpoint to go on from. */
export function isResumable({ directory, status }: RunSummary): boolean {
  return isOver(status) && status !== 'completed' && listCheckpoints(directory).length > 0;
}

/** Bytes read from the end of the events: about a hundred of them. */
const tailBytes = 64 * 1024;

/** The runs in these folders, newest first, at most `limit`. Folders that hold no run are left out. */
export async function listRuns(roots: readonly string[], limit: number): Promise<RunSummary[]> {
  const folders = await Promise.all(roots.map(async root => (await readdir(root).catch(() => [])).map(name => path.join(root, name))));
  const newest = folders.flat().sort((a, b) => path.basename(b).localeCompare(path.basename(a))).slice(0, limit);
  const summaries = await Promise.all(newest.map(directory => summarize(directory).catch(() => undefined)));
  return summaries.filter(summary => summary !== undefined).sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
}

async function summarize(directory: string): Promise<RunSummary> {
  const { name, createdAt, pid } = readRecord(directory);
  const { finished, sample, validation, restored } = await lastEvents(path.join(directory, eventsFile));
  const accuracy = finished?.metrics.validationAccuracy ?? validation?.accuracy;
  return {
    directory, name, createdAt: new Date(createdAt),
    status: finished?.reason ?? (pid !== undefined && isAlive(pid) ? 'running' : 'interrupted'),
    steps: finished?.steps ?? sample?.step ?? restored?.step ?? 0,
    ...(accuracy === undefined ? {} : { validationAccuracy: accuracy }),
  };
}

interface LastEvents {
  finished?: FinishedEvent;
  sample?: SampleEvent;
  validation?: ValidationEvent;
  restored?: RestoredEvent;
}

/** Reads backwards, and no further than needed. */
async function lastEvents(file: string): Promise<LastEvents> {
  const last: LastEvents = {};
  for (const line of (await readTail(file)).split('\n').reverse()) {
    const event = parseEvent(line);
    if (event?.type === 'finished') return { ...last, finished: event };
    // What came before no longer says how the run stands.
    if (event?.type === 'restored') return { ...last, restored: event };
    if (event?.type === 'sample') last.sample ??= event;
    if (event?.type === 'validation') last.validation ??= event;
    if (last.sample !== undefined && last.validation !== undefined) break;
  }
  return last;
}

async function readTail(file: string): Promise<string> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(Math.min(size, tailBytes)), position: Math.max(0, size - tailBytes) });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
