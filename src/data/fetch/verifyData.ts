/** Reads every file of a data set and compares it with the catalogue: its bytes, unpacked, or its columns and lines. */
import path from 'node:path';
import { isTable, type CatalogEntry, type Content, type ContentFile } from '../catalogEntry';
import { fileIn } from '../findData';
import type { Table } from '../text/classification/glueTasks';
import { readTable } from '../text/classification/readTable';
import { digestOf, type Reading } from './digestOf';

export interface FileVerdict {
  readonly file: string;
  /** Absent: the file is whole. */
  readonly problem?: string;
}

export async function verifyFiles(folder: string, data: CatalogEntry, contents: readonly Content[], reading: Reading = {}): Promise<FileVerdict[]> {
  const verdicts: FileVerdict[] = [];
  for (const content of contents) {
    const file = fileIn(data, folder, content.file);
    const problem = file === undefined ? 'is missing' : isTable(content) ? problemOfTable(file, content) : await problemOf(file, content, reading);
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

function problemOfTable(file: string, table: Table): string | undefined {
  try {
    const { length } = readTable(file, table);
    return length === table.rows ? undefined : `has ${length} lines of examples, but must have ${table.rows}`;
  } catch (error) {
    return `is not as published (${error instanceof Error ? error.message : String(error)})`;
  }
}
