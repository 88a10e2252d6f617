/**
 * How a low-rank row moves to another rank. With the columns of P orthonormal, the best approximation of P Q^T of a lower rank
 * follows from the eigenvectors V of the small matrix Q^T Q: P V and Q V, cut to the columns with the largest eigenvalues. A
 * higher rank adds columns of zeros. A tensor that was whole goes through power iteration; one that becomes whole is multiplied
 * out.
 */
import { factorCombination } from '../../kernels/factorCombination';
import { leftColumn, rightColumn, type FactoredPlace, type FactorLayout } from '../../kernels/factorLayout';
import { powerIteration, type PowerScratch } from '../../kernels/powerIteration';
import { symmetricEigen } from '../../kernels/symmetricEigen';

/** Steps of power iteration for a matrix that was whole, and so has no directions to start from. */
const iterations = 8;

/** Row `factors` of `layout` becomes row `result` of `wanted`, which has the same tensors. */
export function refitFactors(layout: FactorLayout, factors: Float32Array, wanted: FactorLayout, result: Float32Array, scratch: PowerScratch): void {
  layout.tensors.forEach((tensor, index) => {
    const place = wanted.tensors[index];
    if (place !== undefined) refit(tensor, factors, place, result, scratch);
  });
}

function refit(tensor: FactoredPlace, factors: Float32Array, place: FactoredPlace, result: Float32Array, scratch: PowerScratch): void {
  if (tensor.rank === place.rank) {
    const length = tensor.rank === 0 ? tensor.length : tensor.rank * (tensor.rows + tensor.columns);
    result.set(factors.subarray(tensor.offset, tensor.offset + length), place.offset);
  } else if (tensor.rank === 0) {
    const whole = { ...place, start: tensor.offset };
    for (let iteration = 0; iteration < iterations; iteration++) powerIteration(factors, whole, result, scratch, 1);
  } else if (place.rank === 0) {
    const alone = { dimension: tensor.length, length: factors.length, tensors: [{ ...tensor, start: 0 }] };
    factorCombination(alone, factors, Float64Array.of(1), 1, result.subarray(place.offset, place.offset + place.length));
  } else if (place.rank > tensor.rank) {
    copyColumns(tensor, factors, place, result);
  } else {
    truncate(tensor, factors, place, result);
  }
}

function copyColumns(tensor: FactoredPlace, factors: Float32Array, place: FactoredPlace, result: Float32Array): void {
  const { rank, rows, columns } = tensor;
  result.set(factors.subarray(leftColumn(tensor, 0), leftColumn(tensor, rank)), leftColumn(place, 0));
  result.set(factors.subarray(rightColumn(tensor, 0), rightColumn(tensor, 0) + rank * columns), rightColumn(place, 0));
  result.fill(0, leftColumn(place, rank), leftColumn(place, rank) + (place.rank - rank) * rows);
  result.fill(0, rightColumn(place, rank), rightColumn(place, place.rank));
}

function truncate(tensor: FactoredPlace, factors: Float32Array, place: FactoredPlace, result: Float32Array): void {
  const { rank, rows, columns } = tensor;
  const vectors = new Float64Array(rank * rank);
  for (let row = 0; row < rank; row++) {
    for (let column = 0; column <= row; column++) vectors[row * rank + column] = dot(factors, rightColumn(tensor, row), rightColumn(tensor, column), columns);
  }
  symmetricEigen(vectors, rank, new Float64Array(rank), new Float64Array(rank));
  for (let index = 0; index < place.rank; index++) {
    const largest = rank - 1 - index;
    const weight = (from: number) => vectors[from * rank + largest] ?? 0;
    mix(factors, leftColumn(tensor, 0), rows, rank, weight, result, leftColumn(place, index));
    mix(factors, rightColumn(tensor, 0), columns, rank, weight, result, rightColumn(place, index));
  }
}

/** The weighted sum of the `count` columns that begin at `from`, of `length` entries each. */
function mix(factors: Float32Array, from: number, length: number, count: number, weight: (column: number) => number, result: Float32Array, to: number): void {
  for (let at = 0; at < length; at++) {
    let sum = 0;
    for (let column = 0; column < count; column++) sum += weight(column) * (factors[from + column * length + at] ?? 0);
    result[to + at] = sum;
  }
}

function dot(factors: Float32Array, one: number, other: number, length: number): number {
  let sum = 0;
  for (let at = 0; at < length; at++) sum += (factors[one + at] ?? 0) * (factors[other + at] ?? 0);
  return sum;
}
