/** The kernels of sparse rows as tasks over panels. */
import { fromBfloat16 } from '../bfloat16';
import type { Panel, SparseRow } from '../panelLayout';
import type { Residual } from '../residual';
import { shareOf, type Kernel } from './job';
import { addResidualPanel, keepResidualPanel } from './residualPanels';
import type { Kernels } from './kernelModule';
import type { Scratch } from './scratch';
import type { ThreadMemory } from './threadMemory';
import { scratchStart, type SharedRows, type SharedShard } from './sharedRows';

export interface CompressBound {
  readonly vector: Float32Array;
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

export function sparseJobs({ kernels: on, memory: ownMemory }: ThreadMemory): Readonly<Record<string, Kernel>> {
  /** The Top-K of each panel; with a residual, a = e + g before and e = a - c after. */
  const compress: Kernel = ({ vector, row, residual, scratch }: CompressBound, _numbers, task, tasks) => {
    const memory = ownMemory(scratch.bytes);
    const kernels = on(memory);
    const narrow = row.values instanceof Uint16Array;
    const [from, to] = shareOf(row.layout.panels.length, task, tasks);
    for (let index = from; index < to; index++) {
      const panel = row.layout.panels[index];
      if (panel === undefined) continue;
      const { start, length } = panel;
      new Float32Array(memory.buffer, scratch.tile, length).set(vector.subarray(start, start + length));
      if (residual !== undefined) addResidualPanel(kernels, memory, scratch, residual, start, length);
      compressPanel(kernels, memory, scratch, panel, row, narrow);
      if (residual === undefined) continue;
      kernels.subtract(scratch.tile, scratch.rowValues, scratch.rowIndices, panel.kept, narrow);
      keepResidualPanel(kernels, memory, scratch, residual, start, length);
      expandPanel(row, panel, vector);
    }
  };

  const dots: Kernel = ({ rows, row, scratch, partial }: DotsBound, numbers, task, tasks, thread) => {
    const count = numbers[0] ?? 0;
    const sums = partial.subarray(task * rows.size, task * rows.size + count);
    sums.fill(0);
    forShare(rows, task, tasks, (panel, shard, entry) => {
      const base = scratchStart(scratch, thread);
      const { memory, windowValues } = shard;
      const narrow = windowValues instanceof Uint16Array;
      copyKept(row, panel, memory, base + scratch.rowValues, base + scratch.rowIndices);
      const perRow = new Float64Array(memory.buffer, base + scratch.perRow, count);
      perRow.fill(0);
      on(memory).dots(
        shard.valuesAt + entry * (narrow ? 2 : 4), shard.indicesAt + entry * 2, panel.kept, count, narrow,
        base + scratch.rowValues, base + scratch.rowIndices, base + scratch.tile, base + scratch.map, base + scratch.hits, base + scratch.perRow,
      );
      for (let index = 0; index < count; index++) sums[index] = (sums[index] ?? 0) + (perRow[index] ?? 0);
    });
  };

  /** `numbers`: how many rows, then their coefficients. */
  const combine: Kernel = ({ rows, vector, scratch }: CombineBound, numbers, task, tasks, thread) => {
    const count = numbers[0] ?? 0;
    const coefficients = numbers.subarray(1, 1 + count);
    forShare(rows, task, tasks, (panel, shard, entry) => {
      const base = scratchStart(scratch, thread);
      const { memory, windowValues } = shard;
      const narrow = windowValues instanceof Uint16Array;
      new Float64Array(memory.buffer, base + scratch.perRow, count).set(coefficients);
      on(memory).combine(
        shard.valuesAt + entry * (narrow ? 2 : 4), shard.indicesAt + entry * 2, panel.kept, count, narrow,
        base + scratch.perRow, base + scratch.sums, panel.length, base + scratch.out,
      );
      vector.set(new Float32Array(memory.buffer, base + scratch.out, panel.length), panel.start);
    });
  };

  return { compress, dots, combine };
}

function compressPanel(kernels: Kernels, memory: WebAssembly.Memory, scratch: Scratch, panel: Panel, { values, indices }: SparseRow, narrow: boolean): void {
  let put = 0;
  for (let start = 0; start < panel.length; start += panel.blockSize) {
    const length = Math.min(panel.blockSize, panel.length - start);
    const kept = start + length === panel.length ? panel.keptInLast : panel.keptPerBlock;
    const [toValues, toIndices] = [scratch.rowValues + put * (narrow ? 2 : 4), scratch.rowIndices + put * 2];
    kernels.topK(scratch.tile + 4 * start, length, kept, start, toValues, toIndices, narrow, scratch.topK);
    put += kept;
  }
  const { buffer } = memory;
  values.set(narrow ? new Uint16Array(buffer, scratch.rowValues, panel.kept) : new Float32Array(buffer, scratch.rowValues, panel.kept), panel.before);
  indices.set(new Uint16Array(buffer, scratch.rowIndices, panel.kept), panel.before);
}

function expandPanel({ values, indices }: SparseRow, { start, length, before, kept }: Panel, vector: Float32Array): void {
  const narrow = values instanceof Uint16Array;
  vector.fill(0, start, start + length);
  for (let at = before; at < before + kept; at++) vector[start + (indices[at] ?? 0)] = narrow ? fromBfloat16(values[at] ?? 0) : values[at] ?? 0;
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

