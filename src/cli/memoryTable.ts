/** Rows of the bench of memory, all of one model, as a table for a terminal. MB are 10^6 bytes, as in the paper. */
import { countText, errorText, flopsText, megabytes, ratioText, stepText } from '../bench/memory/cells';
import type { MemoryRow } from '../bench/memory/memoryRow';
import { baselineName } from '../bench/memory/techniques';
import { formatTable } from './table';

const head = ['technique', 'model', 'optimizer', 'activations', 'total MB', 'ratio', 'predicted', 'error', 'workspace', 'recomputed', 'step ms', 'x baseline'];

export function memoryTable(rows: readonly MemoryRow[]): string {
  const batch = rows[0]?.settings.batchSize ?? 0;
  const baseline = rows.find(({ technique }) => technique === baselineName);
  const body = rows.map(row => [
    row.technique, ...[row.modelBytes, row.optimizerBytes, row.activationBytes, row.totalBytes].map(megabytes), ratioText(row.ratio), megabytes(row.predictedTotalBytes), errorText(row),
    megabytes(row.workspaceBytes), flopsText(row.recomputedFlops), stepText(row.stepMs), ratioText(row.stepMs === null || baseline?.stepMs == null ? null : row.stepMs / baseline.stepMs),
  ]);
  return `${rows[0]?.model ?? ''}, batch ${countText(batch)}, ${rows[0]?.backend ?? ''}, MB = 10^6 bytes; examples are noise\n${formatTable([head, ...body], head.map((_, column) => column).slice(1))}`;
}
