/** The checkpoints of a run directory: what their files are called, and which are there. Only the trainer knows what is in them. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '../settings/problem';

const folderName = 'checkpoints';
const naming = /^step-(\d{8,})\.safetensors$/;

export interface CheckpointFile {
  readonly name: string;
  /** Steps that the run had taken. */
  readonly step: number;
  readonly path: string;
}

export function checkpointsFolder(directory: string): string {
  return path.join(directory, folderName);
}

/** `step-00001234.safetensors`: sorts by step. */
export function checkpointFile(directory: string, step: number): CheckpointFile {
  const name = `step-${String(step).padStart(8, '0')}.safetensors`;
  return { name, step, path: path.join(checkpointsFolder(directory), name) };
}

/** Newest first. A file under another name, such as one that was being written when its process was killed, is none. */
export function listCheckpoints(directory: string): CheckpointFile[] {
  const names = readFolder(checkpointsFolder(directory));
  return names.flatMap(name => naming.exec(name)?.[1] ?? []).map(step => checkpointFile(directory, Number(step))).sort((a, b) => b.step - a.step);
}

/** The checkpoint of this name and all before it, newest first; without one, all. Throws InputError where there is none of that name. */
export function checkpointsFrom(directory: string, name: string | undefined): CheckpointFile[] {
  const all = listCheckpoints(directory);
  const at = name === undefined ? 0 : all.findIndex(file => file.name === name);
  if (at >= 0) return all.slice(at);
  throw new InputError([{ field: 'from', message: `from is "${String(name)}", but must be a checkpoint of the run: ${all.length === 0 ? 'it has none' : all.map(file => file.name).join(', ')}.` }]);
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A run that has none has no such folder.
    return [];
  }
}
