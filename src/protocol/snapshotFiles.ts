/** The step snapshots of a run directory: what their files are called, and which are there. What is in them says snapshot/snapshotFormat.ts. */
import { readdirSync } from 'node:fs';
import path from 'node:path';

export const snapshotExtension = '.efcpsnap';
const folderName = 'snapshots';
const naming = /^step-(\d{8,})\.efcpsnap$/;

export interface SnapshotFile {
  readonly name: string;
  /** The step that it shows. */
  readonly step: number;
  readonly path: string;
}

export function snapshotsFolder(directory: string): string {
  return path.join(directory, folderName);
}

/** `step-00000012.efcpsnap`: sorts by step. */
export function snapshotFile(directory: string, step: number): SnapshotFile {
  const name = `step-${String(step).padStart(8, '0')}${snapshotExtension}`;
  return { name, step, path: path.join(snapshotsFolder(directory), name) };
}

/** Oldest first. A file under another name, such as one that was being written when its process was killed, is none. */
export function listSnapshots(directory: string): SnapshotFile[] {
  const names = readFolder(snapshotsFolder(directory));
  return names.flatMap(name => naming.exec(name)?.[1] ?? []).map(step => snapshotFile(directory, Number(step))).sort((a, b) => a.step - b.step);
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A run that has none has no such folder.
    return [];
  }
}
