/** A file that an export makes: its path under the chosen place, and what is in it, made when it is written. */
import { mkdirSync, createWriteStream, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const blockSize = 1 << 18;

export type Chunks = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

export interface ExportFile {
  /** With slashes. */
  readonly name: string;
  readonly chunks: () => Chunks;
}

export function wholeFile(name: string, content: () => string | Uint8Array): ExportFile {
  return { name, chunks: () => [content()] };
}

/** What hears how many bytes are written, and may end the writing by throwing. */
export type Written = (bytes: number) => void;

/** Written beside its place and renamed: a file that is there is whole. Resolves to its bytes; where it rejects, nothing is left. */
export async function writeExport(target: string, chunks: Chunks, written: Written = () => undefined): Promise<number> {
  mkdirSync(path.dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    let bytes = 0;
    const counted = async function* () {
      for await (const block of blocks(chunks)) {
        written(bytes += block.length);
        yield block;
      }
    };
    await pipeline(Readable.from(counted(), { objectMode: true }), createWriteStream(temporary));
    renameSync(temporary, target);
    return bytes;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Small chunks together, since each costs a turn of the stream. */
async function* blocks(chunks: Chunks): AsyncGenerator<Buffer> {
  let [waiting, bytes]: [Uint8Array[], number] = [[], 0];
  for await (const chunk of chunks) {
    const content = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    waiting.push(content);
    bytes += content.length;
    if (bytes < blockSize) continue;
    yield Buffer.concat(waiting);
    [waiting, bytes] = [[], 0];
  }
  if (bytes > 0) yield Buffer.concat(waiting);
}
