/** The kernels of ./assembly, compiled to WebAssembly, as they look from JavaScript. Pointers are byte addresses in the backend's heap. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

type Booleans = boolean | number;

export interface BackendKernels {
  matMulScratch(columns: number, depth: number): number;
  matMul(
    a: number, aCount: number, b: number, bCount: number, out: number, batch: number, rows: number, columns: number, depth: number,
    transposeA: Booleans, transposeB: Booleans, scratch: number,
  ): void;
  integerMatMul(
    a: number, aCount: number, b: number, bCount: number, out: number, batch: number, rows: number, columns: number, depth: number, transposeA: Booleans, transposeB: Booleans,
  ): void;
  convolutionScratch(
    inWidth: number, inChannels: number, outWidth: number, outChannels: number, height: number, width: number,
    rowStride: number, columnStride: number, rowDilation: number, columnDilation: number, left: number, isGradient: Booleans,
  ): number;
  convolution(
    input: number, weights: number, out: number, batch: number, inHeight: number, inWidth: number, inChannels: number, outHeight: number, outWidth: number, outChannels: number,
    height: number, width: number, rowStride: number, columnStride: number, rowDilation: number, columnDilation: number, top: number, left: number, isGradient: Booleans, scratch: number,
  ): void;
  /** Whether no value is so large, or no number, that a sum of a few would not be one. */
  isModerate(values: number, count: number): Booleans;
  winogradScratch(inWidth: number, inChannels: number, outHeight: number, outWidth: number, outChannels: number, left: number): number;
  winograd(
    input: number, weights: number, out: number, batch: number, inHeight: number, inWidth: number, inChannels: number, outHeight: number, outWidth: number, outChannels: number,
    top: number, left: number, isGradient: Booleans, scratch: number,
  ): void;
  winogradFilterGradientScratch(inChannels: number, outWidth: number, outChannels: number): number;
  winogradFilterGradient(
    input: number, dy: number, out: number, batch: number, inHeight: number, inWidth: number, inChannels: number, outHeight: number, outWidth: number, outChannels: number,
    top: number, left: number, scratch: number,
  ): void;
  filterGradientScratch(
    inHeight: number, inWidth: number, channels: number, outHeight: number, outWidth: number, filters: number, height: number, rowStride: number, rowDilation: number,
  ): number;
  filterGradient(
    input: number, dy: number, out: number, batch: number, inHeight: number, inWidth: number, channels: number, outHeight: number, outWidth: number, filters: number,
    height: number, width: number, rowStride: number, columnStride: number, rowDilation: number, columnDilation: number, top: number, left: number, scratch: number,
  ): void;
  depthwiseFilterGradient(
    input: number, dy: number, out: number, batch: number, inHeight: number, inWidth: number, channels: number, outHeight: number, outWidth: number, multiplier: number,
    height: number, width: number, rowStride: number, columnStride: number, rowDilation: number, columnDilation: number, top: number, left: number,
  ): void;
  depthwiseInputGradient(
    dy: number, weights: number, out: number, batch: number, inHeight: number, inWidth: number, channels: number, outHeight: number, outWidth: number, multiplier: number,
    height: number, width: number, rowStride: number, columnStride: number, rowDilation: number, columnDilation: number, top: number, left: number, taps: number,
  ): void;
  dropout(x: number, out: number, size: number, rate: number, seed: number): void;
  gelu(x: number, out: number, size: number): void;
  geluGradient(dy: number, x: number, out: number, size: number): void;
  /** `gamma` and `beta` 0 where there are none. */
  layerNorm(x: number, gamma: number, beta: number, out: number, rows: number, width: number, epsilon: number): void;
  layerNormGradient(
    dy: number, x: number, gamma: number, dx: number, dGamma: number, dBeta: number, rows: number, width: number, epsilon: number,
  ): void;
  exponentialSums(z: number, largest: number, sums: number, rows: number, columns: number): void;
  smoothedGradient(z: number, lse: number, share: number, labels: number, out: number, rows: number, columns: number, smoothing: number): void;
  /** `isGradient`: dx of dy, rather than y of x. */
  sequenceConvolution(
    x: number, kernels: number, out: number, batch: number, length: number, heads: number, width: number, taps: number, left: number, isGradient: Booleans,
  ): void;
  sequenceKernelGradient(dy: number, x: number, out: number, batch: number, length: number, heads: number, width: number, taps: number, left: number): void;
  sum(x: number, out: number, outer: number, count: number, inner: number, divisor: number): void;
  broadcast(operation: number, a: number, b: number, out: number, dimensions: number, rank: number): void;
  tileCopies(x: number, out: number, dimensions: number, rank: number, elementBytes: number): number;
  segmentSum(x: number, ids: number, out: number, count: number, middle: number, inner: number, segments: number, isInteger: Booleans): void;
  stridedCopy(x: number, out: number, dimensions: number, rank: number): void;
  gather(x: number, ids: number, out: number, batch: number, outer: number, size: number, count: number, slice: number): number;
  reluGradient(dy: number, y: number, out: number, size: number): void;
  select(condition: number, a: number, b: number, out: number, size: number): void;
  packHalf(x: number, out: number, size: number, isFloat16: Booleans): void;
  unpackHalf(packed: number, out: number, size: number, isFloat16: Booleans): void;
  unary(operation: number, x: number, out: number, size: number): void;
  clip(x: number, out: number, size: number, least: number, most: number): void;
  poolingGradient(
    x: number, dy: number, dx: number, batch: number, inHeight: number, inWidth: number, channels: number, outHeight: number, outWidth: number,
    height: number, width: number, rowStride: number, columnStride: number, top: number, left: number,
  ): void;
  batchNorm(
    x: number, mean: number, variance: number, offset: number, scale: number, epsilon: number, out: number, positions: number, channels: number, factors: number,
  ): void;
  batchStatistics(x: number, mean: number, variance: number, positions: number, channels: number, block: number): void;
  normalise(
    x: number, mean: number, variance: number, scale: number, offset: number, epsilon: number, y: number, positions: number, channels: number, least: number, factors: number,
  ): void;
  gradientSums(
    dy: number, x: number, y: number, mean: number, variance: number, epsilon: number, dScale: number, dOffset: number, positions: number, channels: number, block: number,
  ): void;
  inputGradient(
    dy: number, x: number, y: number, mean: number, variance: number, scale: number, epsilon: number, dScale: number, dOffset: number, dx: number,
    positions: number, channels: number, factors: number,
  ): void;
}

/** `assets` holds both files in `wasm`. With relaxed SIMD, which Node has from 21 on, products take an instruction less. */
export function readKernels(assets: string): WebAssembly.Module {
  const read = (name: string) => readFileSync(path.join(assets, 'wasm', name));
  const relaxed = read('backendKernelsRelaxed.wasm');
  // The types of Node leave `validate` out.
  const { validate } = WebAssembly as unknown as { readonly validate: (bytes: Uint8Array) => boolean };
  return new WebAssembly.Module(validate(relaxed) ? relaxed : read('backendKernels.wasm'));
}

export function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): BackendKernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as BackendKernels;
}
