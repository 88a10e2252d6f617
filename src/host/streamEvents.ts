/** Reads `events.jsonl` as a stream, because a long run has many events and the editor must not wait for them. */
import { open } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseEvent } from '../protocol/runDirectory';
import type { RunEvent } from '../protocol/runEvents';
import { eventsFile } from '../protocol/runFiles';

/**
 * Hands every event to `take`, in the order of the file, and returns the one-based numbers of damaged lines. A last line
 * that cannot be read is no damage: the trainer is still writing it, or was killed there. No file yet, no events.
 */
export async function streamEvents(directory: string, take: (event: RunEvent) => void): Promise<number[]> {
  const handle = await open(path.join(directory, eventsFile)).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
  if (handle === undefined) return [];
  const damaged: number[] = [];
  let line = 0;
  let unread: number | undefined;
  for await (const text of createInterface({ input: handle.createReadStream(), crlfDelay: Infinity })) {
    line += 1;
    if (unread !== undefined) damaged.push(unread);
    const event = parseEvent(text);
    unread = event === undefined && text !== '' ? line : undefined;
    if (event !== undefined) take(event);
  }
  return damaged;
}
