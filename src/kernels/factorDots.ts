/**
 * Dot products of low-rank rows with one of them, without writing out any matrix, summed in float64:
 *
 *   <P_1 Q_1^T, P_2 Q_2^T> = sum_ij (P_1^T P_2)_ij (Q_1^T Q_2)_ij
 *
 * for each matrix, plus the dot products of the tensors kept whole: the dot product of the vectors as a whole. Takes
 * rank^2 (rows + columns) operations for each matrix of a row. Holds nothing.
 */
import { leftColumn, rightColumn, type FactoredPlace, type FactorLayout } from './factorLayout';

/** `factors` [., n] with n the layout's length, `row` [n]; writes `dots` [count], for the first `count` rows. */
export function factorDots(layout: FactorLayout, factors: Float32Array, row: Float32Array, count: number, dots: Float64Array): void {
  dots.fill(0, 0, count);
  for (const tensor of layout.tensors) {
    for (let slot = 0; slot < count; slot++) {
      const start = slot * layout.length;
      dots[slot] = (dots[slot] ?? 0) + (tensor.rank === 0 ? stretchDot(factors, start + tensor.offset, row, tensor.offset, tensor.length) : productDot(tensor, factors, start, row));
    }
  }
}

/** Two columns of one row and two of the other at a time share the loads. */
function productDot(tensor: FactoredPlace, factors: Float32Array, start: number, row: Float32Array): number {
  const { rank, rows, columns } = tensor;
  let sum = 0;
  for (let one = 0; one < rank; one += 2) {
    const onePair = one + 1 < rank;
    for (let other = 0; other < rank; other += 2) {
      const otherPair = other + 1 < rank;
      twoByTwo(factors, start + leftColumn(tensor, one), onePair ? rows : 0, row, leftColumn(tensor, other), otherPair ? rows : 0, rows, lefts);
      twoByTwo(factors, start + rightColumn(tensor, one), onePair ? columns : 0, row, rightColumn(tensor, other), otherPair ? columns : 0, columns, rights);
      sum += (lefts[0] ?? 0) * (rights[0] ?? 0);
      if (otherPair) sum += (lefts[1] ?? 0) * (rights[1] ?? 0);
      if (onePair) sum += (lefts[2] ?? 0) * (rights[2] ?? 0);
      if (onePair && otherPair) sum += (lefts[3] ?? 0) * (rights[3] ?? 0);
    }
  }
  return sum;
}

const lefts = new Float64Array(4);
const rights = new Float64Array(4);

/** The four dot products of the columns at `one` and `one + oneStep` with those at `other` and `other + otherStep`. */
function twoByTwo(factors: Float32Array, one: number, oneStep: number, row: Float32Array, other: number, otherStep: number, length: number, result: Float64Array): void {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let at = 0; at < length; at++) {
    const x = factors[one + at] ?? 0;
    const y = factors[one + oneStep + at] ?? 0;
    const z = row[other + at] ?? 0;
    const w = row[other + otherStep + at] ?? 0;
    a += x * z;
    b += x * w;
    c += y * z;
    d += y * w;
  }
  result[0] = a;
  result[1] = b;
  result[2] = c;
  result[3] = d;
}

function stretchDot(factors: Float32Array, from: number, row: Float32Array, other: number, length: number): number {
  let a = 0;
  let b = 0;
  let at = 0;
  for (; at + 1 < length; at += 2) {
    a += (factors[from + at] ?? 0) * (row[other + at] ?? 0);
    b += (factors[from + at + 1] ?? 0) * (row[other + at + 1] ?? 0);
  }
  if (at < length) a += (factors[from + at] ?? 0) * (row[other + at] ?? 0);
  return a + b;
}
