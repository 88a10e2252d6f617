/**
 * What low rank keeps of each tensor, and its bytes. A tensor of two or more dimensions is seen as a matrix, its first
 * dimension by the rest, and kept as two factors of `rank` columns. Kept whole, and stored once: vectors and scalars, tensors
 * in an exact group, and matrices with a side no longer than the rank, of which factors would lose nothing and hold more.
 *
 *   window 4 m n, kept row 4 n, scratch 8 (rows + columns) rank of the longest,   n = sum of (rows + columns) rank, or length
 */
import { tensorSettings, type ParameterGroup } from '../parameterGroups';
import type { ParameterSpace } from '../parameterSpace';
import type { StateBytes } from '../stateBytes';

export interface LowRankSettings {
  readonly rank: number;
  readonly groups: readonly ParameterGroup[];
}

/** The matrix that a tensor is seen as. */
export interface FactoredTensor {
  /** Its first parameter, and how many it spans. */
  readonly start: number;
  readonly length: number;
  readonly rows: number;
  readonly columns: number;
  /** Columns of each factor; 0 where the tensor is kept whole. */
  readonly rank: number;
}

export function factoredTensors({ rank, groups }: LowRankSettings, { tensors }: ParameterSpace): FactoredTensor[] {
  return tensors.filter(({ length }) => length > 0).map(tensor => {
    const { start, length, shape } = tensor;
    const rows = shape.length < 2 ? 1 : shape[0] ?? 1;
    const columns = length / rows;
    const isWhole = rank >= Math.min(rows, columns) || tensorSettings(groups, tensor).exact;
    return { start, length, rows, columns, rank: isWhole ? 0 : rank };
  });
}

/** Floats that a tensor takes up in a row. */
export function keptFloats({ length, rows, columns, rank }: FactoredTensor): number {
  return rank === 0 ? length : rank * (rows + columns);
}

export function lowRankBytes({ window, ...settings }: LowRankSettings & { readonly window: number }, space: ParameterSpace): StateBytes {
  const tensors = factoredTensors(settings, space);
  const floats = tensors.reduce((sum, tensor) => sum + keptFloats(tensor), 0);
  const longest = (side: 'rows' | 'columns') => Math.max(0, ...tensors.map(tensor => tensor.rank * tensor[side]));
  return { windowFactors: 4 * window * floats, keptRow: 4 * floats, scratch: 8 * (longest('rows') + longest('columns')) };
}
