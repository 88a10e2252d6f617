/** A file that an export makes: its path under the chosen place, and what is in it, made when it is written. */
import { mkdirSync, createWriteStream, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export type Chunks = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

export interface ExportFile {
  /** With slashes. */
  readonly name: string;
  readonly chunks: () => Chunks;
}

export function wholeFile(name: string, content: () => string | Uint8Array): ExportFile {
  return { name, chunks: () => [content()] };
}

/** Written beside its place and renamed: a file that is there is whole. Resolves to its bytes. */
export async function writeExport(target: string, chunks: Chunks): Promise<number> {
  mkdirSync(path.dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}.tmp`;
  let bytes = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      const content = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      bytes += content.length;
      yield content;
    }
  }
  try {
    await pipeline(Readable.from(counted(), { objectMode: true }), createWriteStream(temporary));
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return bytes;
}
