/**
 * A window's rows in WebAssembly memories that all threads share: consecutive panels fill one memory of at most 4 GiB after
 * the other. In front of its panels each memory has some scratch for every thread.
 */
import type { PanelLayout, Precision, RowShard, SparseRows } from '../panelLayout';
import { scratchFor } from './scratch';

export type SharedShard = RowShard & {
  readonly memory: WebAssembly.Memory;
  /** Byte addresses of the shard's arrays. */
  readonly valuesAt: number;
  readonly indicesAt: number;
};

export interface SharedRows extends SparseRows {
  readonly shards: readonly SharedShard[];
}

const page = 65_536;
/** How far behind the last row the kernels may read; see ../assembly/touchAhead.ts. */
const readAhead = 4096;
export const largestMemory = 65_535 * page;

export function createSharedRows(layout: PanelLayout, size: number, precision: Precision, threads: number, memoryLimit: number): SharedRows {
  const { panels } = layout;
  const scratch = scratchFor(layout, size);
  const bytesPerEntry = (precision === 'float32' ? 4 : 2) + 2;
  const room = memoryLimit - threads * scratch.bytes - readAhead - 128;
  const shards: SharedShard[] = [];
  let [from, entries] = [0, 0];
  const close = (to: number) => {
    if (to > from) shards.push(createShard(from, to, entries, precision, threads * scratch.bytes));
    [from, entries] = [to, 0];
  };
  panels.forEach(({ kept }, index) => {
    if ((entries + size * kept) * bytesPerEntry > room) close(index);
    entries += size * kept;
  });
  close(panels.length);
  return { layout, size, shards };
}

function createShard(from: number, to: number, entries: number, precision: Precision, scratchBytes: number): SharedShard {
  const valuesAt = Math.ceil(scratchBytes / 64) * 64;
  const indicesAt = Math.ceil((valuesAt + entries * (precision === 'float32' ? 4 : 2)) / 64) * 64;
  const pages = Math.ceil((indicesAt + 2 * entries + readAhead) / page);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { buffer } = memory;
  return {
    from, to, memory, valuesAt, indicesAt,
    windowValues: precision === 'float32' ? new Float32Array(buffer, valuesAt, entries) : new Uint16Array(buffer, valuesAt, entries),
    windowIndices: new Uint16Array(buffer, indicesAt, entries),
  };
}
