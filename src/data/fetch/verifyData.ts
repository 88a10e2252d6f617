/** Reads every file of a data set and compares it, unpacked, with the catalogue. */
import path from 'node:path';
import type { CifarData, ContentFile, IdxData } from '../catalog';
import { idxFileIn } from '../idxFiles';
import { digestOf, type Reading } from './digestOf';

export interface FileVerdict {
  readonly file: string;
  /** Absent: the file is whole. */
  readonly problem?: string;
}

export async function verifyFiles(folder: string, { contents }: Pick<IdxData | CifarData, 'contents'>, reading: Reading = {}): Promise<FileVerdict[]> {
  const verdicts: FileVerdict[] = [];
  for (const content of contents) {
    const file = idxFileIn(folder, content.file);
    const problem = file === undefined ? 'is missing' : await problemOf(file, content, reading);
    verdicts.push({ file: file ?? path.join(folder, content.file), ...(problem === undefined ? {} : { problem }) });
  }
  return verdicts;
}

/** What is wrong with a file, as the end of a sentence that its name begins; undefined where nothing is. */
export async function problemOf(file: string, { bytes, digest }: ContentFile, reading: Reading = {}): Promise<string | undefined> {
  try {
    const found = await digestOf(file, digest, true, reading);
    if (found.bytes !== bytes) return `holds ${found.bytes} bytes, but must hold ${bytes}`;
    return found.digest === digest ? undefined : `has the checksum ${found.digest}, but must have ${digest}`;
  } catch (error) {
    if (reading.signal?.aborted) throw error;
    return `cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
}
