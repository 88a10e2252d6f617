/** The folder of a run's step snapshots. A file gets its name when all of it is on the disk; what is no longer kept goes. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { eachEvent } from '../protocol/runDirectory';
import type { SnapshotEvent } from '../protocol/runEvents';
import { snapshotFile, snapshotsFolder } from '../protocol/snapshotFiles';
import { keptSnapshots } from '../protocol/snapshotsKept';

const unfinished = '.tmp';

/** A snapshot as the run tells of it. */
export type Taken = Pick<SnapshotEvent, 'file' | 'reason' | 'peakBytes'>;

export class SnapshotStore {
  private kept: Taken[];

  constructor(private readonly directory: string) {
    const taken: Taken[] = [];
    for (const event of eachEvent(directory)) if (event.type === 'snapshot') taken.push(event);
    this.kept = keptSnapshots(taken);
  }

  /** The highest peak that one was taken at without being asked for; none in a run that has no such snapshot. */
  get highestPeak(): number | undefined {
    const peaks = this.kept.filter(({ reason }) => reason === 'peak').map(({ peakBytes }) => peakBytes);
    return peaks.length === 0 ? undefined : Math.max(...peaks);
  }

  /** Returns the name of the file. */
  async write(step: number, bytes: Uint8Array, { reason, peakBytes }: Omit<Taken, 'file'>): Promise<string> {
    this.tidy();
    const { name, path: file } = snapshotFile(this.directory, step);
    const temporary = `${file}${unfinished}`;
    try {
      await writeFile(temporary, bytes);
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    const taken = [...this.kept, { file: name, reason, peakBytes }];
    this.kept = keptSnapshots(taken);
    for (const { file: old } of taken) if (this.kept.every(each => each.file !== old)) rmSync(path.join(snapshotsFolder(this.directory), old), { force: true });
    return name;
  }

  /** Makes the folder, and clears away what a killed process left unfinished. */
  private tidy(): void {
    const folder = snapshotsFolder(this.directory);
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) if (name.endsWith(unfinished)) rmSync(path.join(folder, name));
  }
}
