/** Makes the directory of a new run, with an address and a token for its trainer in the record. */
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { createRunDirectory, newRunId, readRecord, writeRecord } from '../protocol/runDirectory';
import type { RunRecord } from '../protocol/runFiles';

/** What is known of a run before it has a place. */
export type RunDraft = Omit<RunRecord, 'version' | 'id' | 'createdAt' | 'pid' | 'control'>;

export interface RunDirectory {
  readonly directory: string;
  readonly record: RunRecord;
}

export function newRunDirectory(runsRoot: string, draft: RunDraft, now = new Date()): RunDirectory {
  const record: RunRecord = { version: 1, id: newRunId(draft.name, now), createdAt: now.toISOString(), ...draft, control: newControl() };
  const directory = path.join(runsRoot, record.id);
  try {
    createRunDirectory(directory);
    writeRecord(directory, record);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The run directory ${directory} cannot be written: ${why}. Make its folder writable, or open another workspace.`, { cause: error });
  }
  return { directory, record };
}

/** The record of a run whose trainer is about to be started again: listening at another address, on whatever Node it is now. */
export function renewRecord(directory: string, node: NonNullable<RunRecord['node']>): RunRecord {
  const record: RunRecord = { ...readRecord(directory), node, control: newControl(), pid: undefined };
  writeRecord(directory, record);
  return record;
}

function newControl(): { socket: string; token: string } {
  const name = `efcp-${randomBytes(8).toString('hex')}`;
  const socket = process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : path.join(os.tmpdir(), `${name}.sock`);
  return { socket, token: randomBytes(24).toString('hex') };
}
