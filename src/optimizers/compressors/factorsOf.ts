/** The layout of low-rank rows for given settings: every tensor's factors, or the tensor itself, one after the other. */
import type { FactorLayout } from '../../kernels/factorLayout';
import { factoredTensors, keptFloats, type LowRankSettings } from '../../settings/formulas/lowRank';
import type { ParameterSpace } from '../../settings/parameterSpace';

export function factorsOf(settings: LowRankSettings, space: ParameterSpace): FactorLayout {
  let length = 0;
  const tensors = factoredTensors(settings, space).map(tensor => {
    const offset = length;
    length += keptFloats(tensor);
    return { ...tensor, offset };
  });
  return { dimension: space.dimension, length, tensors };
}

export function sameFactors(a: FactorLayout, b: FactorLayout): boolean {
  return a === b || (a.dimension === b.dimension && a.tensors.length === b.tensors.length && a.tensors.every(({ rows, columns, rank }, index) => {
    const other = b.tensors[index];
    return rows === other?.rows && columns === other.columns && rank === other.rank;
  }));
}
