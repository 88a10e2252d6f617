/** SHA-256 of files, read in pieces; and of a whole tree of them. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';

export async function sha256Of(file: string, signal?: AbortSignal, onBytes: (bytes: number) => void = () => undefined): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const block of createReadStream(file, { highWaterMark: 1 << 22, ...(signal === undefined ? {} : { signal }) }) as AsyncIterable<Buffer>) {
    hash.update(block);
    onBytes(bytes += block.length);
  }
  return hash.digest('hex');
}

/** Paths of all files below a folder, relative to it, with forward slashes and in order. Links are left out. */
export async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    if ((await lstat(path.join(folder, name))).isFile()) files.push(name.split(path.sep).join('/'));
  }
  return files.sort();
}

/** One digest over names and contents. */
export async function digestOf(folder: string, files: readonly string[], signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0${await sha256Of(path.join(folder, file), signal)}\n`);
  return hash.digest('hex');
}
