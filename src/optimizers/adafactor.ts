/**
 * Adafactor's scaling (arXiv 1804.04235, algorithms 4 and 5, without first moment and relative step size). Of a matrix, seen
 * as first dimension by rest, only the means over rows and columns of the second moment are held:
 *
 *   b = 1 - t^-0.8,   r = b r + (1 - b) rowMeans(g^2 + epsilon),   c alike over columns
 *   v = r c^T / mean(r),   u = g / sqrt(v),   u = u / max(1, RMS(u))
 *
 * Tensors of fewer than two dimensions have v itself. The learning rate is the run's. Holds 4 (A + B) bytes for a matrix of A
 * rows and B columns, 4 n for other tensors, and sums over the longest row as scratch, 8 B.
 */
import { norm, scaleRange } from '../kernels/norm';
import { firstByRest, splitMatrices } from '../settings/formulas/matrices';
import type { Settings } from '../settings/knobs';
import { largestSquarable } from './adam';
import type { Transformation } from './transformation';

type Factored = {
  readonly start: number;
  readonly secondMoment: { readonly rowMeans: Float32Array /* [A] */; readonly columnMeans: Float32Array /* [B] */ };
};
type Unfactored = { readonly start: number; readonly secondMoment: Float32Array };

export type AdafactorState = {
  readonly matrices: readonly Factored[];
  readonly vectors: readonly Unfactored[];
  readonly scratch: Float64Array | undefined; // [longest B]
};

const clippedTo = 1;

export function scaleByAdafactor(live: Pick<Settings, 'epsilon'>): Transformation<AdafactorState> {
  return {
    name: 'adafactor',
    init: space => {
      const { matrices, vectors } = splitMatrices(space, firstByRest);
      return {
        matrices: matrices.map(({ start, rows, columns }) => ({ start, secondMoment: { rowMeans: new Float32Array(rows), columnMeans: new Float32Array(columns) } })),
        vectors: vectors.map(({ start, length }) => ({ start, secondMoment: new Float32Array(length) })),
        scratch: matrices.length === 0 ? undefined : new Float64Array(Math.max(...matrices.map(({ columns }) => columns))),
      };
    },
    update: ({ dense }, { matrices, vectors, scratch }, _parameters, step) => {
      const decay = 1 - step ** -0.8;
      for (const vector of vectors) unfactoredStep(dense, vector, decay, live.epsilon);
      if (scratch !== undefined) for (const matrix of matrices) factoredStep(dense, matrix, scratch, decay, live.epsilon);
    },
  };
}

function factoredStep(dense: Float32Array, { start, secondMoment: { rowMeans, columnMeans } }: Factored, columnSums: Float64Array, decay: number, epsilon: number): void {
  const [rows, columns] = [rowMeans.length, columnMeans.length];
  columnSums.fill(0, 0, columns);
  let mean = 0;
  for (let row = 0; row < rows; row++) {
    const rowMean = decay * (rowMeans[row] ?? 0) + (1 - decay) * addSquares(dense, start + row * columns, columns, columnSums, epsilon) / columns;
    rowMeans[row] = rowMean;
    mean += rowMean / rows;
  }
  for (let column = 0; column < columns; column++) columnMeans[column] = decay * (columnMeans[column] ?? 0) + (1 - decay) * (columnSums[column] ?? 0) / rows;
  for (let row = 0; row < rows; row++) {
    const scale = (rowMeans[row] ?? 0) / mean;
    for (let column = 0; column < columns; column++) {
      const at = start + row * columns + column;
      dense[at] = (dense[at] ?? 0) / Math.sqrt(scale * (columnMeans[column] ?? 0));
    }
  }
  clipUpdate(dense, start, rows * columns);
}

/** Adds g^2 + epsilon of one row to the sums of its columns, and returns the row's own sum. Bounds g where its square would leave float32. */
function addSquares(dense: Float32Array, start: number, count: number, sums: Float64Array, epsilon: number): number {
  let sum = 0;
  for (let at = 0; at < count; at++) {
    const square = boundedSquare(dense, start + at) + epsilon;
    sums[at] = (sums[at] ?? 0) + square;
    sum += square;
  }
  return sum;
}

function unfactoredStep(dense: Float32Array, { start, secondMoment }: Unfactored, decay: number, epsilon: number): void {
  for (let at = 0; at < secondMoment.length; at++) {
    const second = decay * (secondMoment[at] ?? 0) + (1 - decay) * (boundedSquare(dense, start + at) + epsilon);
    secondMoment[at] = second;
    dense[start + at] = (dense[start + at] ?? 0) / Math.sqrt(second);
  }
  clipUpdate(dense, start, secondMoment.length);
}

function boundedSquare(dense: Float32Array, at: number): number {
  const gradient = Math.max(-largestSquarable, Math.min(largestSquarable, dense[at] ?? 0));
  dense[at] = gradient;
  return gradient * gradient;
}

/** Keeps the root mean square of an update at or below 1. */
function clipUpdate(dense: Float32Array, start: number, length: number): void {
  const size = norm(dense, start, start + length) / Math.sqrt(length);
  if (size > clippedTo) scaleRange(dense, clippedTo / size, start, start + length);
}
