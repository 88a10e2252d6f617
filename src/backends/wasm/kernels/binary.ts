/** The arithmetic of two float32 operands, broadcast without an index per element as the stock kernels need. */
import { Add, Maximum, Minimum, Multiply, RealDiv, SquaredDifference, Sub, broadcast_util, util, type BinaryInputs, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Heap } from '../heap';
import { kernel } from '../kernel';

/** In the order of assembly/broadcast.ts. */
export const binaryKernels = [Add, Sub, Multiply, RealDiv, Maximum, Minimum, SquaredDifference].map((name, operation) => kernel<BinaryInputs, unknown>(name, (heap, { a, b }, _, stock) => {
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return stock();
  const out = heap.output(broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape));
  if (util.sizeFromShape(out.shape) === 0) return out;
  broadcast(heap, operation, a, b, out);
  return out;
}));

/** a + b where a lies; b broadcasts to a, and no other handle to a may be in use. */
export function addInPlace(heap: Heap, a: TensorInfo, b: TensorInfo): void {
  broadcast(heap, 0, a, b, a);
}

function broadcast(heap: Heap, operation: number, a: TensorInfo, b: TensorInfo, out: TensorInfo): void {
  const dimensions = moves(a.shape, b.shape, out.shape);
  heap.withIntegers(dimensions, address => { heap.kernels.broadcast(operation, heap.address(a), heap.address(b), heap.address(out), address, dimensions.length / 3); });
}

/** {size, bytes that a moves, bytes that b moves} of every dimension, at least two. Neighbours in which both behave alike are one. */
function moves(a: readonly number[], b: readonly number[], out: readonly number[]): number[] {
  const runs: { size: number; hasA: boolean; hasB: boolean }[] = [];
  for (const [i, size] of out.entries()) {
    if (size === 1) continue;
    const hasA = (a[i - out.length + a.length] ?? 1) > 1;
    const hasB = (b[i - out.length + b.length] ?? 1) > 1;
    const outer = runs.at(-1);
    if (outer?.hasA === hasA && outer.hasB === hasB) outer.size *= size;
    else runs.push({ size, hasA, hasB });
  }
  while (runs.length < 2) runs.unshift({ size: 1, hasA: true, hasB: true });
  let [aBytes, bBytes] = [4, 4];
  const inwards: number[][] = [];
  for (const { size, hasA, hasB } of runs.reverse()) {
    inwards.push([size, hasA ? aBytes : 0, hasB ? bBytes : 0]);
    if (hasA) aBytes *= size;
    if (hasB) bBytes *= size;
  }
  return inwards.reverse().flat();
}
