/**
 * The yardstick of every optimizer that goes through a window: how long one thread takes to read so many bytes once, and do
 * nothing else. No step that touches the whole window can be faster on one thread.
 *
 * The loop is WebAssembly, written out below: it adds up 64 bytes a turn in four SIMD registers, which is as fast as one core
 * reads (a loop over a Float64Array in JavaScript takes twice as long). Memory is written first, since pages that were never
 * written are all one page of zeros in the cache. Windows above 1 GiB are timed on 1 GiB and scaled.
 */
import { median } from '../statistics';

const pageBytes = 65_536;
export const mostBytesRead = 2 ** 30;

export interface MemoryReader {
  /** Milliseconds to read `bytes` once, the median of several times. */
  readMs(bytes: number): number;
}

export function createMemoryReader(): MemoryReader {
  let memory = createMemory(1);
  let sum = instantiate(memory);
  return {
    readMs: bytes => {
      const held = Math.min(Math.ceil(bytes / pageBytes) * pageBytes, mostBytesRead);
      if (memory.buffer.byteLength < held) {
        memory = createMemory(held / pageBytes);
        sum = instantiate(memory);
      }
      warmUp(sum, held);
      const times = Array.from({ length: held > 2 ** 27 ? 5 : 15 }, () => {
        const begun = performance.now();
        sum(0, held);
        return performance.now() - begun;
      });
      return median(times) * bytes / held;
    },
  };
}

function createMemory(pages: number): WebAssembly.Memory {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  new Uint32Array(memory.buffer).fill(0x3f8ccccd);
  return memory;
}

/** Until the engine has compiled the loop for good. */
function warmUp(sum: Sum, held: number): void {
  for (const begun = performance.now(); performance.now() - begun < 20;) sum(0, Math.min(held, 2 ** 20));
}

/** Adds up 64-bit integers from the byte `at` to the byte `end`, both multiples of 64; `end` is above `at`. */
export type Sum = (at: number, end: number) => bigint;

export function instantiate(memory: WebAssembly.Memory): Sum {
  return new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()), { m: { m: memory } }).exports['s'] as Sum;
}

const [get, set, tee] = [0x20, 0x21, 0x22];
const simd = 0xfd;
const addLanes = [simd, 0xce, 0x01];
const end = 0x0b;

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const [at, last] = [0, 1];
  const registers = [2, 3, 4, 5];
  const body = [
    0x01, registers.length, 0x7b, // locals: the registers, v128
    0x03, 0x40, // loop
    ...registers.flatMap((register, index) => [get, register, get, at, simd, 0x00, 0x04, 16 * index, ...addLanes, set, register]), // register += v128.load(at + 16 index)
    get, at, 0x41, 0xc0, 0x00, 0x6a, tee, at, get, last, 0x49, 0x0d, 0x00, // at += 64; repeat while at < end, unsigned
    end,
    get, 2, get, 3, ...addLanes, get, 4, ...addLanes, get, 5, ...addLanes, set, 2,
    get, 2, simd, 0x1d, 0x00, get, 2, simd, 0x1d, 0x01, 0x7c, // sum of both lanes
    end,
  ];
  const section = (id: number, content: readonly number[]) => [id, ...length(content), ...content];
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
    ...section(1, [0x01, 0x60, 0x02, 0x7f, 0x7f, 0x01, 0x7e]), // (i32, i32) -> i64
    ...section(2, [0x01, 0x01, 0x6d, 0x01, 0x6d, 0x02, 0x03, 0x00, 0x80, 0x80, 0x04]), // memory m.m, shared, at most 65,536 pages
    ...section(3, [0x01, 0x00]),
    ...section(7, [0x01, 0x01, 0x73, 0x00, 0x00]), // s
    ...section(10, [0x01, ...length(body), ...body]),
  ]);
}

/** As LEB128, below 16,384. */
function length({ length: count }: readonly number[]): number[] {
  return count < 128 ? [count] : [(count & 0x7f) | 0x80, count >> 7];
}
