/** `trainer.log` in the run directory: what the trainer and the user's code print, stdout and stderr together. */
import { open } from 'node:fs/promises';
import path from 'node:path';

export function trainerLogOf(directory: string): string {
  return path.join(directory, 'trainer.log');
}

/** Lines quoted at most, and bytes read for them. */
const quoted = { lines: 8, bytes: 4096 };

/** The last lines; empty when nothing was printed. */
export async function lastWords(directory: string): Promise<string> {
  const handle = await open(trainerLogOf(directory)).catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(quoted.bytes), position: Math.max(0, size - quoted.bytes) });
    return buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').slice(-quoted.lines).join('\n');
  } finally {
    await handle.close();
  }
}
