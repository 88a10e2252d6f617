/**
 * The folder of a run's checkpoints. A file gets its name when all of it is on the disk, so that none is ever half there; the
 * newest few are kept, and beside them one that is named.
 */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { checkpointFile, checkpointsFolder, listCheckpoints, type CheckpointFile } from '../protocol/checkpointFiles';
import { InputError } from '../settings/problem';
import { decodeCheckpoint, type Checkpoint } from './checkpoint';

const unfinished = '.tmp';
/** Ending of a checkpoint that could not be used: it is kept for people to look at, and nobody picks it up. */
const refused = '.refused';
/** Bytes that one call reads or writes at most: systems allow less than 2 GiB. */
const stretch = 2 ** 30;

export class CheckpointStore {
  constructor(private readonly directory: string, private readonly kept: number) {}

  /** Writes the pieces one after the other. They must not change until the promise settles. `kept`: name of a file that stays, however old. */
  async write(step: number, pieces: readonly Uint8Array[], kept?: string): Promise<{ readonly name: string; readonly bytes: number }> {
    this.tidy();
    const { name, path: file } = checkpointFile(this.directory, step);
    const temporary = `${file}${unfinished}`;
    try {
      await writeThrough(temporary, pieces);
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(checkpointsFolder(this.directory));
    for (const old of listCheckpoints(this.directory).filter(file => file.name !== kept).slice(this.kept)) rmSync(old.path);
    return { name, bytes: statSync(file).size };
  }

  /** Puts aside checkpoints that were passed over: newer than the one that the run goes on from, they would pass for its newest. */
  async setAside(files: readonly CheckpointFile[]): Promise<void> {
    for (const file of files) await rename(file.path, `${file.path}${refused}`);
  }

  /** Makes the folder, and clears away what a killed process left unfinished. */
  private tidy(): void {
    const folder = checkpointsFolder(this.directory);
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) if (name.endsWith(unfinished)) rmSync(path.join(folder, name));
  }
}

/** Throws InputError where the file cannot be read, or is not a whole checkpoint. */
export async function readCheckpoint({ name, step, path: file }: CheckpointFile): Promise<Checkpoint> {
  const bytes = await readWhole(file).catch((error: unknown) => {
    throw new InputError([{ field: name, message: `The checkpoint cannot be read: ${error instanceof Error ? error.message : String(error)}. Use another copy.` }]);
  });
  const checkpoint = decodeCheckpoint(bytes);
  if (checkpoint.state.step === step) return checkpoint;
  throw new InputError([{ field: name, message: `The checkpoint is refused: it is of step ${checkpoint.state.step}, but its name says ${step}. Give it its own name back.` }]);
}

async function writeThrough(file: string, pieces: readonly Uint8Array[]): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (const piece of pieces) {
      for (let at = 0; at < piece.length;) at += (await handle.write(piece, at, Math.min(stretch, piece.length - at))).bytesWritten;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readWhole(file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const bytes = new Uint8Array((await handle.stat()).size);
    for (let at = 0; at < bytes.length;) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(stretch, bytes.length - at), at);
      if (bytesRead === 0) throw new Error(`it ends at byte ${at} of ${bytes.length}`);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

/** Makes the new name last; Windows does that by itself, and lets nobody ask. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
