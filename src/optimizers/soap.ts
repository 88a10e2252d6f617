/**
 * SOAP (arXiv 2409.11321): Adam in the eigenbasis of Shampoo's statistics of a matrix gradient G [A, B].
 *
 *   L = beta2 L + (1 - beta2) G G^T,   R = beta2 R + (1 - beta2) G^T G,   rows of P and Q: eigenvectors of L and R
 *   M = beta1 M + (1 - beta1) G,   V = beta2 V + (1 - beta2) (P G Q^T)^2
 *   u = P^T [ P M Q^T / (1 - beta1^t) / (sqrt(V / (1 - beta2^t)) + epsilon) ] Q
 *
 * Tensors are seen as all dimensions but the last by the last one. M stays in the coordinates of the parameters, so a change of
 * basis turns it exactly; V stays with the eigenvectors, which one step of orthogonal iteration moves every
 * `preconditionInterval` steps. The first gradient of a matrix only makes its bases and moves nothing, as in the authors'
 * code: in its own eigenbasis it is diagonal, and Adam would blow up the rounding beside the diagonal. So t is the step less 1.
 * A side longer than `matrixLimit` has the identity for a basis, and where both are, or in one dimension, this is Adam.
 *
 * Holds 8 bytes per parameter, 8 A^2 + 8 B^2 for a matrix, and as scratch one of the longest side in float64.
 */
import { createProductScratch, gramOf, matrixOf, matrixProduct, transposed, type Matrix } from '../kernels/matrixProduct';
import { norm, scaleRange } from '../kernels/norm';
import { saturate } from '../kernels/saturate';
import { longestInner, longestSquare, restByLast, sidesOf, splitMatrices, type MatrixPlace, type SidedPlace } from '../settings/formulas/matrices';
import type { Settings } from '../settings/knobs';
import { adamStep, createMoments, largestSquarable, type AdamNumbers, type AdamState } from './adam';
import { findEigenbasis, followEigenbasis, swap } from './matrices/eigenbasis';
import type { EigenScratch } from './matrices/symmetricPower';
import type { Transformation } from './transformation';

type Side = { readonly statistics: Float32Array /* [n, n] */; readonly bases: Float32Array /* [n, n], an eigenvector a row */ };
type SoapMatrix = MatrixPlace & AdamState & { readonly left: Side | undefined; readonly right: Side | undefined };

export type SoapState = {
  readonly matrices: readonly SoapMatrix[];
  readonly vectors: readonly ({ readonly start: number } & AdamState)[];
  readonly scratch: EigenScratch | undefined;
};

type SoapSettings = AdamNumbers & Pick<Settings, 'preconditionInterval' | 'matrixLimit'>;

export function scaleBySoap(live: SoapSettings): Transformation<SoapState> {
  return {
    name: 'soap',
    init: space => {
      const split = splitMatrices(space, restByLast);
      const places = split.matrices.map(place => sidesOf(place, live.matrixLimit));
      const matrices = places.filter(({ hasLeft, hasRight }) => hasLeft || hasRight);
      const vectors = [...split.vectors, ...places.filter(({ hasLeft, hasRight }) => !hasLeft && !hasRight)];
      return { matrices: matrices.map(createMatrix), vectors: vectors.map(({ start, length }) => ({ start, ...createMoments(length) })), scratch: createScratch(matrices) };
    },
    update: ({ dense }, { matrices, vectors, scratch }, _parameters, step) => {
      for (const vector of vectors) adamStep(dense, vector.start, vector, live, step);
      if (scratch !== undefined) for (const matrix of matrices) soapStep(dense, matrix, live, step, scratch);
    },
  };
}

function createMatrix({ start, length, rows, columns, hasLeft, hasRight }: SidedPlace): SoapMatrix {
  return { start, length, rows, columns, ...createMoments(length), left: hasLeft ? createSide(rows) : undefined, right: hasRight ? createSide(columns) : undefined };
}

function createSide(n: number): Side {
  const bases = new Float32Array(n * n);
  for (let at = 0; at < n; at++) bases[at * n + at] = 1;
  return { statistics: new Float32Array(n * n), bases };
}

function createScratch(places: readonly SidedPlace[]): EigenScratch | undefined {
  const side = longestSquare(places);
  if (side === 0) return undefined;
  return { square: new Float64Array(side * side), values: new Float64Array(side), beside: new Float64Array(side), product: createProductScratch(longestInner(places)) };
}

/** A gradient whose square would leave float32 is shortened, its direction kept. */
function soapStep(dense: Float32Array, matrix: SoapMatrix, live: SoapSettings, step: number, scratch: EigenScratch): void {
  const { start, length, rows, columns, left, right } = matrix;
  const size = norm(dense, start, start + length);
  if (size > largestSquarable) scaleRange(dense, largestSquarable / size, start, start + length);
  const gradient = matrixOf(dense, rows, columns, start);
  if (left !== undefined) updateSide(gradient, left, live.beta2, step, scratch);
  if (right !== undefined) updateSide(transposed(gradient), right, live.beta2, step, scratch);
  if (step === 1) {
    dense.fill(0, start, start + length);
    return;
  }
  updateFirst(dense, matrix, live.beta1);
  rotate(gradient, matrix, scratch.product, false);
  updateSecond(dense, matrix, live.beta2);
  dense.set(matrix.firstMoment, start);
  rotate(gradient, matrix, scratch.product, false);
  divide(dense, matrix, live, step - 1);
  rotate(gradient, matrix, scratch.product, true);
  if ((step - 1) % live.preconditionInterval === 0) followBases(matrix, scratch);
}

/** The statistics of the rows of a gradient, and the first basis. */
function updateSide(gradient: Matrix, { statistics, bases }: Side, beta2: number, step: number, scratch: EigenScratch): void {
  const n = gradient.rows;
  gramOf(gradient, matrixOf(statistics, n, n), scratch.product, 1 - beta2, beta2);
  if (step === 1) findEigenbasis(statistics, n, bases, scratch);
}

/** X = P X Q^T, into the eigenbasis, or back: X = P^T X Q. */
function rotate(x: Matrix, { rows, columns, left, right }: SoapMatrix, product: Float64Array, isBack: boolean): void {
  if (left !== undefined) {
    const basis = matrixOf(left.bases, rows, rows);
    matrixProduct(transposed(x), isBack ? basis : transposed(basis), transposed(x), product);
  }
  if (right === undefined) return;
  const basis = matrixOf(right.bases, columns, columns);
  matrixProduct(x, isBack ? basis : transposed(basis), x, product);
}

function updateFirst(dense: Float32Array, { start, firstMoment }: SoapMatrix, beta1: number): void {
  for (let at = 0; at < firstMoment.length; at++) firstMoment[at] = beta1 * (firstMoment[at] ?? 0) + (1 - beta1) * (dense[start + at] ?? 0);
}

function updateSecond(dense: Float32Array, { start, secondMoment }: SoapMatrix, beta2: number): void {
  for (let at = 0; at < secondMoment.length; at++) {
    secondMoment[at] = beta2 * (secondMoment[at] ?? 0) + (1 - beta2) * (dense[start + at] ?? 0) ** 2;
  }
}

function divide(dense: Float32Array, { start, secondMoment }: SoapMatrix, { beta1, beta2, epsilon }: AdamNumbers, steps: number): void {
  const [firstCorrection, secondCorrection] = [1 - beta1 ** steps, 1 - beta2 ** steps];
  for (let at = 0; at < secondMoment.length; at++) {
    dense[start + at] = saturate((dense[start + at] ?? 0) / firstCorrection / (Math.sqrt((secondMoment[at] ?? 0) / secondCorrection) + epsilon));
  }
}

/** V follows the eigenvectors: its rows those of the left side, its columns those of the right. */
function followBases({ rows, columns, left, right, secondMoment }: SoapMatrix, scratch: EigenScratch): void {
  if (left !== undefined) {
    followEigenbasis(left.statistics, rows, left.bases, scratch, (one, other) => {
      for (let at = 0; at < columns; at++) swap(secondMoment, one * columns + at, other * columns + at);
    });
  }
  if (right === undefined) return;
  followEigenbasis(right.statistics, columns, right.bases, scratch, (one, other) => {
    for (let at = 0; at < rows; at++) swap(secondMoment, at * columns + one, at * columns + other);
  });
}
