/** BatchMatMul, transposed operands read where they lie. The stock kernel is slower in every case, eight times with a transposition. */
import { BatchMatMul, broadcast_util, util, type BatchMatMulAttrs, type BatchMatMulInputs } from '@tensorflow/tfjs-core';
import type { Heap } from '../heap';
import { kernel } from '../kernel';

export const batchMatMul = kernel<BatchMatMulInputs, BatchMatMulAttrs>(BatchMatMul, (heap, { a, b }, { transposeA, transposeB }, stock) => {
  const isInteger = a.dtype === 'int32' && b.dtype === 'int32';
  if (!isInteger && (a.dtype !== 'float32' || b.dtype !== 'float32')) return stock();
  if (a.shape.length < 2 || b.shape.length < 2) throw new Error(`matMul takes matrices or batches of them, but the shapes are [${a.shape.join()}] and [${b.shape.join()}].`);
  const [rows, depth] = matrixShape(a.shape, transposeA);
  const [depthOfB, columns] = matrixShape(b.shape, transposeB);
  if (depth !== depthOfB) throw new Error(`Error in matMul: inner shapes (${depth}) and (${depthOfB}) of Tensors with shapes ${a.shape.join()} and ${b.shape.join()} and transposeA=${transposeA} and transposeB=${transposeB} must match.`);
  const batchShape = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const out = heap.output([...batchShape, rows, columns], a.dtype);
  const [aCount, bCount] = [util.sizeFromShape(a.shape.slice(0, -2)), util.sizeFromShape(b.shape.slice(0, -2))];
  const batch = Math.max(aCount, bCount);
  if (util.sizeFromShape(out.shape) === 0) return out;
  // Matrices on the left that all meet the same one on the right are one tall matrix.
  const isTall = bCount === 1 && !transposeA;
  const product = isTall ? { aCount: 1, bCount: 1, batch: 1, rows: batch * rows } : { aCount, bCount, batch, rows };
  if (isInteger) heap.kernels.integerMatMul(heap.address(a), aCount, heap.address(b), bCount, heap.address(out), batch, rows, columns, depth, transposeA, transposeB);
  else multiply(heap, heap.address(a), heap.address(b), heap.address(out), { ...product, columns, depth, transposeA, transposeB });
  return out;
});

export interface Product {
  readonly aCount: number;
  readonly bCount: number;
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

export function multiply(heap: Heap, a: number, b: number, out: number, { aCount, bCount, batch, rows, columns, depth, transposeA, transposeB }: Product): void {
  const { kernels } = heap;
  heap.withScratch(kernels.matMulScratch(columns, depth), scratch => { kernels.matMul(a, aCount, b, bCount, out, batch, rows, columns, depth, transposeA, transposeB, scratch); });
}

function matrixShape(shape: readonly number[], isTransposed: boolean): [rows: number, columns: number] {
  const [first, second] = shape.slice(-2) as [number, number];
  return isTransposed ? [second, first] : [first, second];
}
