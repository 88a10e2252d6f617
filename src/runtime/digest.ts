/** SHA-256 of files, read in pieces, and of a whole tree of them. A link counts as the text of where it points. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
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

/** Paths of all files and links below a folder, relative to it, with forward slashes and in order. Links are not followed. */
export async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  const visit = async (inside: string): Promise<void> => {
    for (const entry of await readdir(path.join(folder, inside), { withFileTypes: true })) {
      if (entry.isDirectory()) await visit(`${inside}${entry.name}/`);
      else if (entry.isFile() || entry.isSymbolicLink()) files.push(inside + entry.name);
    }
  };
  await visit('');
  return files.sort();
}

export async function hashOf(file: string, signal?: AbortSignal): Promise<string> {
  return (await lstat(file)).isSymbolicLink() ? createHash('sha256').update(`link ${await readlink(file)}`).digest('hex') : sha256Of(file, signal);
}

/** One digest over names and contents. */
export async function digestOf(folder: string, files: readonly string[], signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0${await hashOf(path.join(folder, file), signal)}\n`);
  return hash.digest('hex');
}
