import { readFileSync } from 'node:fs';
import { decodeSnapshot } from '../protocol/snapshot/decodeSnapshot';
import type { StepSnapshot } from '../protocol/snapshot/stepSnapshot';
import { InputError } from '../settings/problem';

/** A step snapshot from its file; one that is missing or damaged is refused, with the file's name. */
export function readSnapshot(file: string): StepSnapshot {
  try {
    return decodeSnapshot(readFileSync(file));
  } catch (error) {
    throw new InputError([{ field: 'file', message: error instanceof Error ? error.message : String(error) }], file);
  }
}
