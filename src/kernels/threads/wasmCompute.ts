/**
 * Sparse rows in WebAssembly memory, by SIMD kernels on several threads. Vectors and rows live in shared memory; nothing is
 * copied but a panel of what lies in another memory than the kernel works on. Blocks longer than 65,536 entries are left to the
 * plain typed arrays.
 */
import type { SparseRow, SparseRows } from '../panelLayout';
import type { Residual } from '../residual';
import type { SparseCompute } from '../sparseCompute';
import { typedArrays } from '../typedArrays';
import { Bindings } from './bindings';
import { collectGarbage } from './collectGarbage';
import { tasksFor } from './job';
import { kernelsOf } from './kernelModule';
import { isAligned } from './residualPanels';
import { scratchFor } from './scratch';
import { createSharedRows, largestMemory, type SharedRows } from './sharedRows';
import { sparseJobs, type CombineBound, type CompressBound, type DotsBound } from './sparseJobs';
import { tileBytes, tilesIn, vectorJobs, type DescendBound, type FiniteBound } from './vectorJobs';
import { ThreadPool } from './threadPool';
import { createVector, placeOf } from './vectorMemory';

export interface WasmOptions {
  readonly module: WebAssembly.Module;
  /** The built kernelWorker. */
  readonly workerFile: string;
  /** Counting the calling one. */
  readonly threads: number;
  /** Bytes of one WebAssembly memory. */
  readonly memoryLimit?: number;
}

/** Shorter vectors are done before another thread has woken up. */
const worthSharing = 32_768;

export interface WasmCompute extends SparseCompute {
  close(): Promise<void>;
}

export function wasmCompute({ module, workerFile, threads, memoryLimit = largestMemory }: WasmOptions): WasmCompute {
  const on = kernelsOf(module);
  const pool = new ThreadPool(threads, module, workerFile, { ...sparseJobs(on), ...vectorJobs(on) });
  const compressing = new Bindings<SparseRow>(pool);
  const multiplying = new Bindings<SharedRows, Float64Array>(pool);
  const combining = new Bindings<SharedRows>(pool);
  const checking = new Bindings<Float32Array, Int32Array>(pool);
  const descending = new Bindings<Float32Array>(pool);
  /** False, with nothing done, where the kernels do not reach the vector or another thread the row. */
  const compress = (vector: Float32Array, row: SparseRow, residual: Residual | undefined): boolean => {
    if (!isReachable(row.values)) return false;
    const scratch = scratchFor(row.layout, 0);
    const place = placeOf(vector, threads * scratch.bytes);
    if (place === undefined) return false;
    compressing.of(row, [vector, residual], () => {
      const bound: CompressBound = { vector: place, row, residual, scratch };
      return { job: pool.bind('compress', tasksFor(row.layout.panels.length), 0, bound), extra: undefined };
    }).job.run();
    return true;
  };
  const isShared = (rows: SparseRows): rows is SharedRows => rows.shards.every(shard => 'memory' in shard);
  const isReachable = (...arrays: ArrayBufferView[]) => arrays.every(({ buffer }) => buffer instanceof SharedArrayBuffer);
  return {
    name: `wasm, ${threads === 1 ? '1 thread' : `${threads} threads`}`,
    allocate: bytes => new SharedArrayBuffer(bytes),
    createVector,
    createRow: (layout, precision) => layout.bytesPerIndex === 4 ? typedArrays.createRow(layout, precision) : {
      layout,
      values: precision === 'float32' ? new Float32Array(new SharedArrayBuffer(4 * layout.kept)) : new Uint16Array(new SharedArrayBuffer(2 * layout.kept)),
      indices: new Uint16Array(new SharedArrayBuffer(2 * layout.kept)),
    },
    createRows: (layout, size, precision) => layout.bytesPerIndex === 4 ? typedArrays.createRows(layout, size, precision) : createSharedRows(layout, size, precision, threads, memoryLimit),
    topK: (vector, row) => {
      if (!compress(vector, row, undefined)) typedArrays.topK(vector, row);
    },
    feedBack: (residual, vector, row) => {
      const held = 'entries' in residual ? residual.entries : residual.codes;
      return isReachable(held) && row.layout.panels.every(({ start }) => isAligned(residual, start)) && compress(vector, row, residual);
    },
    subtract: (row, vector) => typedArrays.subtract(row, vector),
    expand: (row, vector) => typedArrays.expand(row, vector),
    dots: (rows, row, count, dots) => {
      if (!isShared(rows) || !isReachable(row.values)) {
        typedArrays.dots(rows, row, count, dots);
        return;
      }
      const tasks = tasksFor(rows.layout.panels.length);
      const { job, extra: partial } = multiplying.of(rows, [row], () => {
        const sums = new Float64Array(new SharedArrayBuffer(8 * tasks * rows.size));
        const bound: DotsBound = { rows, row, partial: sums, scratch: scratchFor(rows.layout, rows.size) };
        return { job: pool.bind('dots', tasks, 1, bound), extra: sums };
      });
      job.numbers[0] = count;
      job.run();
      sumTasks(partial, tasks, rows.size, count, dots);
    },
    combine: (rows, coefficients, count, vector) => {
      if (!isShared(rows) || !isReachable(vector)) {
        typedArrays.combine(rows, coefficients, count, vector);
        return;
      }
      const { job } = combining.of(rows, [vector], () => {
        const bound: CombineBound = { rows, vector, scratch: scratchFor(rows.layout, rows.size) };
        return { job: pool.bind('combine', tasksFor(rows.layout.panels.length), 1 + rows.size, bound), extra: undefined };
      });
      job.numbers[0] = count;
      job.numbers.set(coefficients.subarray(0, count), 1);
      job.run();
    },
    isFinite: vector => {
      const place = vector.length < worthSharing ? undefined : placeOf(vector, 0);
      if (place === undefined) return typedArrays.isFinite(vector);
      const { job, extra: infinite } = checking.of(vector, [], () => {
        const found = new Int32Array(new SharedArrayBuffer(4));
        const bound: FiniteBound = { vector: place, found };
        return { job: pool.bind('finite', tasksFor(tilesIn(vector.length)), 0, bound), extra: found };
      });
      infinite[0] = 0;
      job.run();
      return infinite[0] === 0;
    },
    descend: (vector, start, values, rate, decay) => {
      const place = values.length < worthSharing || !isReachable(values) ? undefined : placeOf(vector, threads * tileBytes);
      if (place === undefined) {
        typedArrays.descend(vector, start, values, rate, decay);
        return;
      }
      const { job } = descending.of(values, [vector, start], () => {
        const bound: DescendBound = { vector: place, start, values };
        return { job: pool.bind('descend', tasksFor(tilesIn(values.length)), 2, bound), extra: undefined };
      });
      job.numbers.set([rate, decay]);
      job.run();
    },
    reclaim: collectGarbage,
    close: () => pool.close(),
  };
}

/** Task by task, in the order of the panels: the same sum whoever did which task. */
function sumTasks(partial: Float64Array, tasks: number, size: number, count: number, dots: Float64Array): void {
  dots.fill(0, 0, count);
  for (let task = 0; task < tasks; task++) {
    for (let row = 0; row < count; row++) dots[row] = (dots[row] ?? 0) + (partial[task * size + row] ?? 0);
  }
}
