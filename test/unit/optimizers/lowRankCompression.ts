/** Tensors of every kind, low rank on them, and the singular values of what it leaves. */
import { symmetricEigen } from '../../../src/kernels/symmetricEigen';
import { lowRank } from '../../../src/optimizers/compressors/lowRank';
import { withErrorFeedback } from '../../../src/optimizers/errorFeedback';
import type { Updates } from '../../../src/optimizers/transformation';
import type { LowRankSettings } from '../../../src/settings/formulas/lowRank';
import { parameterSpace, type ParameterSpace } from '../../../src/settings/parameterSpace';

/** Matrices, a convolution kernel, vectors, a scalar, and a tensor without entries. */
export const space = parameterSpace([
  { name: 'dense/kernel', shape: [12, 9] }, { name: 'dense/bias', shape: [9] }, { name: 'conv/kernel', shape: [5, 3, 2, 4] }, { name: 'none', shape: [0, 4] },
  { name: 'temperature', shape: [] }, { name: 'embedding', shape: [30, 3] }, { name: 'row', shape: [1, 11] },
]);
export const { dimension } = space;

export const ofRank = (rank: number, groups: LowRankSettings['groups'] = []) => () => ({ rank, groups });

/** Low rank with error feedback, fed gradients one by one: what it keeps, and what it leaves out. */
export function compression(settings: () => LowRankSettings) {
  const link = withErrorFeedback(lowRank(settings), () => 32);
  let state = link.init(space);
  return {
    feed: (gradient: Float32Array, step: number): Updates => {
      const updates: Updates = { dense: gradient.slice(), kept: undefined };
      link.update(updates, state, [], step);
      return updates;
    },
    remap: () => { state = link.remap!(state, space); },
    residual: () => Float32Array.from(state.residual.bits === 32 ? state.residual.entries : []),
    row: () => state.keptRow,
  };
}

export const ofTensor = (vector: Float32Array, name: string, { tensors }: ParameterSpace = space) => {
  const { start, length } = tensors.find(tensor => tensor.name === name)!;
  return vector.subarray(start, start + length);
};

/** Squares of the singular values of a matrix, descending. */
export function energies(matrix: ArrayLike<number>, rows: number): number[] {
  const columns = matrix.length / rows;
  const moments = new Float64Array(columns * columns);
  for (let at = 0; at < columns * columns; at++) {
    for (let row = 0; row < rows; row++) moments[at]! += matrix[row * columns + Math.floor(at / columns)]! * matrix[row * columns + at % columns]!;
  }
  const values = new Float64Array(columns);
  symmetricEigen(moments, columns, values, new Float64Array(columns));
  return [...values].reverse();
}

export const rankOf = (matrix: ArrayLike<number>, rows: number) => energies(matrix, rows).filter((value, _, [largest = 0]) => value > 1e-11 * largest).length;
