/** The kernels of ../assembly, compiled to WebAssembly, as they look from JavaScript. Pointers are byte addresses. */
export interface Kernels {
  isFiniteIn(vector: number, length: number): number;
  descend(vector: number, values: number, length: number, rate: number, decay: number): void;
  topK(vector: number, length: number, kept: number, base: number, outValues: number, outIndices: number, narrow: boolean, scratch: number): void;
  addBfloat16(vector: number, length: number, halves: number): void;
  packBfloat16(vector: number, length: number, halves: number): void;
  addQuantized(vector: number, length: number, bits: number, blockLength: number, codes: number, ranges: number): void;
  quantize(vector: number, length: number, bits: number, blockLength: number, codes: number, ranges: number): void;
  accumulate(vector: number, residual: number, length: number): void;
  subtract(vector: number, values: number, indices: number, kept: number, narrow: boolean): void;
  dots(
    windowValues: number, windowIndices: number, kept: number, rows: number, narrow: boolean,
    rowValues: number, rowIndices: number, tile: number, map: number, hits: number, sums: number,
  ): void;
  combine(
    windowValues: number, windowIndices: number, kept: number, rows: number, narrow: boolean, coefficients: number, sums: number, length: number, out: number,
  ): void;
}

/** Kernels at work on `memory`, which must be shared. */
export function kernelsOn(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}
