import { readFileSync } from 'node:fs';
import { decodeSnapshot } from '../protocol/snapshot/decodeSnapshot';
import type { StepSnapshot } from '../protocol/snapshot/stepSnapshot';

/** A step snapshot from its file; what cannot be read is said with the file's name. */
export function readSnapshot(file: string): StepSnapshot {
  try {
    return decodeSnapshot(readFileSync(file));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
