/** The recorded steps of a run, with what lived at the peak of each. One that cannot be read is named. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { formatBytes, formatCount, formatShare } from '../../protocol/format';
import { categoryLabels, phaseLabels } from '../../protocol/labels';
import { categories } from '../../protocol/samples';
import { snapshotsFolder } from '../../protocol/snapshotFiles';
import { peakOf } from '../../protocol/snapshot/peak';
import { largest, wordsOf } from '../../protocol/snapshot/ranking';
import { readSnapshot } from '../readSnapshot';
import type { RecordedRun } from '../recordedRun';
import { markdownTable } from '../settingsTable';

const rows = 10;
const mostSnapshots = 5;

export function snapshotsSection({ directory, state: { snapshots } }: RecordedRun): string {
  if (snapshots.length === 0) return '';
  const shown = snapshots.toSorted((a, b) => b.peakBytes - a.peakBytes).slice(0, mostSnapshots);
  const more = snapshots.length > shown.length ? ` The ${mostSnapshots} with the highest peaks of ${snapshots.length}.` : '';
  return [`## Recorded steps\n\nThe largest buffers at the peak of each.${more}`, ...shown.map(({ step, file, peakBytes }) => oneSnapshot(path.join(snapshotsFolder(directory), file), step, file, peakBytes))].join('\n\n');
}

function oneSnapshot(place: string, step: number, file: string, peakBytes: number): string {
  const title = `### Step ${formatCount(step)} (\`${file}\`), peak ${formatBytes(peakBytes)}`;
  if (!existsSync(place)) return `${title}\n\nThe file is gone.`;
  try {
    const snapshot = readSnapshot(place);
    const peak = peakOf(snapshot);
    const table = largest(peak, rows).map(buffer => {
      const { bytes, layer, operation, shape, type, source } = wordsOf(snapshot, buffer);
      return [formatBytes(bytes), formatShare(bytes / peak.total), categoryLabels[categories[peak.category[buffer] ?? 0] ?? 'unattributed'], layer, operation, shape === '' ? type : `${type} ${shape}`, source];
    });
    // Built-in models have no lines of the user's code.
    const columns = ['Bytes', 'Share', 'Category', 'Layer', 'Operation', 'Buffer', 'Source'].map((name, place) => ({ name, place })).filter(({ place }) => table.some(row => row[place] !== ''));
    return `${title}\n\n${formatCount(peak.alive.length)} buffers live then, in the ${phaseLabels[peak.phase]}.\n\n${markdownTable(columns.map(({ name }) => name), table.map(row => columns.map(({ place }) => row[place] ?? '')), [0, 1])}`;
  } catch (error) {
    return `${title}\n\n${error instanceof Error ? error.message : String(error)}`;
  }
}
