/** The kernels of sparse rows as tasks over panels. */
import type { Panel, SparseRow } from '../panelLayout';
import type { Residual } from '../residual';
import { shareOf, type Kernel } from './job';
import { addResidualPanel, keepResidualPanel } from './residualPanels';
import type { Kernels, KernelsOn } from './kernelModule';
import { movedBy, type Scratch } from './scratch';
import type { SharedRows, SharedShard } from './sharedRows';
import type { VectorPlace } from './vectorMemory';

export interface CompressBound {
  /** Its scratch is laid out by `scratch`, for every thread. */
  readonly vector: VectorPlace;
  readonly row: SparseRow;
  /** Undefined: no error feedback. */
  readonly residual: Residual | undefined;
  readonly scratch: Scratch;
}

export interface DotsBound {
  readonly rows: SharedRows;
  readonly row: SparseRow;
  readonly scratch: Scratch;
  /** [tasks, m] */
  readonly partial: Float64Array;
}

export interface CombineBound {
  readonly rows: SharedRows;
  readonly vector: Float32Array;
  readonly scratch: Scratch;
}

export function sparseJobs(on: KernelsOn): Readonly<Record<string, Kernel>> {
  /** The Top-K of each panel; with a residual, a = e + g before and e = a - c after, c in the place of a. */
  const compress: Kernel = ({ vector: { memory, at: vectorAt, scratchAt }, row, residual, scratch }: CompressBound, _numbers, task, tasks, thread) => {
    const kernels = on(memory);
    const narrow = row.values instanceof Uint16Array;
    const places = movedBy(scratch, scratchAt + thread * scratch.bytes);
    const [from, to] = shareOf(row.layout.panels.length, task, tasks);
    for (let index = from; index < to; index++) {
      const panel = row.layout.panels[index];
      if (panel === undefined) continue;
      const { start, length, kept } = panel;
      const at = vectorAt + 4 * start;
      if (residual !== undefined) addResidualPanel(kernels, memory, at, places, residual, start, length);
      compressPanel(kernels, memory, at, places, panel, row, narrow);
      if (residual === undefined) continue;
      kernels.subtract(at, places.rowValues, places.rowIndices, kept, narrow);
      keepResidualPanel(kernels, memory, at, places, residual, start, length);
      kernels.expand(at, length, places.rowValues, places.rowIndices, kept, narrow);
    }
  };

  const dots: Kernel = ({ rows, row, scratch, partial }: DotsBound, numbers, task, tasks, thread) => {
    const count = numbers[0] ?? 0;
    const sums = partial.subarray(task * rows.size, task * rows.size + count);
    sums.fill(0);
    const places = movedBy(scratch, thread * scratch.bytes);
    forShare(rows, task, tasks, (panel, shard, entry) => {
      const { memory, windowValues } = shard;
      const narrow = windowValues instanceof Uint16Array;
      copyKept(row, panel, memory, places.rowValues, places.rowIndices);
      const perRow = new Float64Array(memory.buffer, places.perRow, count);
      perRow.fill(0);
      on(memory).dots(
        shard.valuesAt + entry * (narrow ? 2 : 4), shard.indicesAt + entry * 2, panel.kept, count, narrow,
        places.rowValues, places.rowIndices, places.tile, places.map, places.compact, places.perRow,
      );
      for (let index = 0; index < count; index++) sums[index] = (sums[index] ?? 0) + (perRow[index] ?? 0);
    });
  };

  /** `numbers`: how many rows, then their coefficients. */
  const combine: Kernel = ({ rows, vector, scratch }: CombineBound, numbers, task, tasks, thread) => {
    const count = numbers[0] ?? 0;
    const coefficients = numbers.subarray(1, 1 + count);
    const places = movedBy(scratch, thread * scratch.bytes);
    forShare(rows, task, tasks, (panel, shard, entry) => {
      const { memory, windowValues } = shard;
      const narrow = windowValues instanceof Uint16Array;
      new Float64Array(memory.buffer, places.perRow, count).set(coefficients);
      on(memory).combine(
        shard.valuesAt + entry * (narrow ? 2 : 4), shard.indicesAt + entry * 2, panel.kept, count, narrow,
        places.perRow, places.sums, panel.length, places.out,
      );
      vector.set(new Float32Array(memory.buffer, places.out, panel.length), panel.start);
    });
  };

  return { compress, dots, combine };
}

function compressPanel(kernels: Kernels, memory: WebAssembly.Memory, at: number, scratch: Scratch, panel: Panel, { values, indices }: SparseRow, narrow: boolean): void {
  let put = 0;
  for (let start = 0; start < panel.length; start += panel.blockSize) {
    const length = Math.min(panel.blockSize, panel.length - start);
    const kept = start + length === panel.length ? panel.keptInLast : panel.keptPerBlock;
    const [toValues, toIndices] = [scratch.rowValues + put * (narrow ? 2 : 4), scratch.rowIndices + put * 2];
    kernels.topK(at + 4 * start, length, kept, start, toValues, toIndices, narrow, scratch.topK);
    put += kept;
  }
  const { buffer } = memory;
  values.set(narrow ? new Uint16Array(buffer, scratch.rowValues, panel.kept) : new Float32Array(buffer, scratch.rowValues, panel.kept), panel.before);
  indices.set(new Uint16Array(buffer, scratch.rowIndices, panel.kept), panel.before);
}

function copyKept({ values, indices }: SparseRow, { before, kept }: Panel, memory: WebAssembly.Memory, valuesAt: number, indicesAt: number): void {
  const { buffer } = memory;
  const copy = values instanceof Uint16Array ? new Uint16Array(buffer, valuesAt, kept) : new Float32Array(buffer, valuesAt, kept);
  copy.set(values.subarray(before, before + kept));
  new Uint16Array(buffer, indicesAt, kept).set(indices.subarray(before, before + kept));
}

/** The panels of a task with their shard and the entry at which their row 0 starts in it. */
function forShare(rows: SharedRows, task: number, tasks: number, visit: (panel: Panel, shard: SharedShard, entry: number) => void): void {
  const { panels } = rows.layout;
  const [from, to] = shareOf(panels.length, task, tasks);
  for (const shard of rows.shards) {
    const first = panels[shard.from]?.before ?? 0;
    for (let index = Math.max(from, shard.from); index < Math.min(to, shard.to); index++) {
      const panel = panels[index];
      if (panel !== undefined) visit(panel, shard, rows.size * (panel.before - first));
    }
  }
}

