/** Which step snapshots of a run are kept: all that somebody asked for, of those taken at new peaks the newest few; of one step the last. */
import type { SnapshotEvent } from './runEvents';

const peaksKept = 3;

type Named = Pick<SnapshotEvent, 'file' | 'reason'>;

/** Oldest first, as given. */
export function keptSnapshots<Snapshot extends Named>(taken: readonly Snapshot[]): Snapshot[] {
  const files = taken.filter(({ file }, at) => taken.findLastIndex(other => other.file === file) === at);
  const peaks = files.filter(({ reason }) => reason === 'peak').slice(-peaksKept);
  return files.filter(snapshot => snapshot.reason === 'asked' || peaks.includes(snapshot));
}
