/** The kernels of ../assembly, compiled to WebAssembly, as they look from JavaScript. Pointers are byte addresses. */
export interface Kernels {
  isFiniteIn(vector: number, length: number): number;
  descend(vector: number, values: number, length: number, rate: number, decay: number): void;
  topK(vector: number, length: number, kept: number, base: number, outValues: number, outIndices: number, narrow: boolean, scratch: number): void;
  addBfloat16(vector: number, length: number, halves: number): void;
  packBfloat16(vector: number, length: number, halves: number): void;
  addQuantized(vector: number, length: number, bits: number, blockLength: number, codes: number, ranges: number): void;
  quantize(vector: number, length: number, bits: number, blockLength: number, codes: number, ranges: number): void;
  unpackFloat16(halves: number, length: number, values: number): void;
  unpackBfloat16(halves: number, length: number, values: number): void;
  packFloat16(values: number, length: number, halves: number, largest: number): void;
  packBfloat16Exactly(values: number, length: number, halves: number, largest: number): void;
  accumulate(vector: number, residual: number, length: number): void;
  subtract(vector: number, values: number, indices: number, kept: number, narrow: boolean): void;
  expand(vector: number, length: number, values: number, indices: number, kept: number, narrow: boolean): void;
  dots(
    windowValues: number, windowIndices: number, kept: number, rows: number, narrow: boolean,
    rowValues: number, rowIndices: number, tile: number, map: number, compact: number, sums: number,
  ): void;
  combine(
    windowValues: number, windowIndices: number, kept: number, rows: number, narrow: boolean, coefficients: number, sums: number, length: number, out: number,
  ): void;
}

/** The kernels at work on a memory, which must be shared. */
export type KernelsOn = (memory: WebAssembly.Memory) => Kernels;

/** Instantiates the kernels once for every memory. */
export function kernelsOf(module: WebAssembly.Module): KernelsOn {
  const instances = new WeakMap<WebAssembly.Memory, Kernels>();
  return memory => {
    const known = instances.get(memory) ?? new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
    instances.set(memory, known);
    return known;
  };
}
