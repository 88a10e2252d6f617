/**
 * Chunks in a WebAssembly memory of their own, where SIMD kernels work on them in place. Halves are copied in and out, 32 KiB at a
 * time, which the first caches hold; so are values that lie elsewhere, such as a tensor of the backend.
 *
 * Bytes held: 64 KiB for each chunk, and 128 KiB for what is copied.
 */
import { chunkLength, type ChunkCompute } from './chunkCompute';
import { descendIn } from './elementwise';
import { largestHalf } from './halves';
import { kernelsOf } from './threads/kernelModule';

const page = 65_536;
const [halvesAt, valuesAt, firstChunk] = [0, page, 2 * page];
const mostPages = 64;

export function wasmChunks(module: WebAssembly.Module): ChunkCompute {
  const memory = new WebAssembly.Memory({ initial: firstChunk / page, maximum: mostPages, shared: true });
  const kernels = kernelsOf(module)(memory);
  const staged = { halves: new Uint16Array(memory.buffer, halvesAt, chunkLength), values: new Float32Array(memory.buffer, valuesAt, chunkLength) };
  // A memory that grows has a new buffer, but the old ones remain the same bytes.
  const buffers = new WeakSet<ArrayBufferLike>();
  const isHere = ({ buffer }: Float32Array) => buffers.has(buffer);
  /** Kernels take whole fours; a chunk ends at one. */
  const fours = (count: number) => (count + 3) & ~3;

  return {
    name: 'wasm',
    get bytes() { return memory.buffer.byteLength; },
    createChunk: () => {
      const at = memory.grow(1) * page;
      const { buffer } = memory;
      buffers.add(buffer);
      return new Float32Array(buffer, at, chunkLength);
    },
    unpack: (format, halves, from, values) => {
      const unpack = format === 'float16' ? 'unpackFloat16' : 'unpackBfloat16';
      const inPlace = isHere(values) && values.length % 4 === 0;
      for (let done = 0; done < values.length; done += chunkLength) {
        const count = Math.min(chunkLength, values.length - done);
        staged.halves.set(halves.subarray(from + done, from + done + count));
        kernels[unpack](halvesAt, fours(count), inPlace ? values.byteOffset + 4 * done : valuesAt);
        if (!inPlace) values.set(staged.values.subarray(0, count), done);
      }
    },
    pack: (format, values, halves, from, overflow) => {
      const pack = format === 'float16' ? 'packFloat16' : 'packBfloat16Exactly';
      const largest = overflow === 'infinite' ? Infinity : largestHalf[format];
      const inPlace = isHere(values) && values.length % 4 === 0;
      for (let done = 0; done < values.length; done += chunkLength) {
        const count = Math.min(chunkLength, values.length - done);
        if (!inPlace) staged.values.set(values.subarray(done, done + count));
        kernels[pack](inPlace ? values.byteOffset + 4 * done : valuesAt, fours(count), halvesAt, largest);
        halves.set(staged.halves.subarray(0, count), from + done);
      }
    },
    descend: (update, values, rate, decay) => {
      const whole = isHere(update) && isHere(values) ? values.length & ~3 : 0;
      kernels.descend(update.byteOffset, values.byteOffset, whole, rate, decay);
      descendIn(update, 0, values, rate, decay, whole, values.length);
    },
  };
}
