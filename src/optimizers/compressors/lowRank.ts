/**
 * Low rank as a compressor (LR-MFAC of EFCP, arXiv 2306.06098): of every tensor, seen as a matrix of its first dimension by
 * the rest, one step of power iteration keeps `rank` directions (kernels/powerIteration.ts). It contracts: |a - C(a)| <= |a|.
 * The iteration goes on from the row that it kept last, which is all the warm start there is. Vectors, exact tensors and
 * matrices with a side no longer than the rank are kept whole. Holds a row (4 bytes a number) and scratch, see
 * settings/formulas/lowRank.ts.
 */
import { factorCombination } from '../../kernels/factorCombination';
import type { FactoredPlace, FactorLayout } from '../../kernels/factorLayout';
import { powerIteration, type PowerScratch } from '../../kernels/powerIteration';
import type { LowRankSettings } from '../../settings/formulas/lowRank';
import type { Compressor } from './compressor';
import { factorsOf, sameFactors } from './factorsOf';
import type { KeptFactors } from './keptFactors';
import { refitFactors } from './refitFactors';

const plus = Float64Array.of(1);
const minus = Float64Array.of(-1);

export function lowRank(settings: () => LowRankSettings): Compressor<KeptFactors> {
  return {
    name: 'lowRank',
    init: space => createRow(factorsOf(settings(), space)),
    compress: (vector, { layout, factors, scratch }, step) => compressRow(vector, layout, factors, scratch, step),
    subtract: ({ layout, factors }, vector) => factorCombination(layout, factors, minus, 1, vector, 1),
    expand: ({ layout, factors }, vector) => factorCombination(layout, factors, plus, 1, vector),
    fit: (row, space) => {
      const layout = factorsOf(settings(), space);
      if (sameFactors(row.layout, layout)) return row;
      const fitted = createRow(layout);
      refitFactors(row.layout, row.factors, layout, fitted.factors, fitted.scratch);
      return fitted;
    },
  };
}

function createRow(layout: FactorLayout): KeptFactors {
  return { layout, factors: new Float32Array(layout.length), scratch: createPowerScratch(layout) };
}

/** Room for the longest factors of a layout. */
export function createPowerScratch({ tensors }: FactorLayout): PowerScratch {
  const longest = (side: 'rows' | 'columns') => Math.max(0, ...tensors.map(tensor => tensor.rank * tensor[side]));
  return { left: new Float64Array(longest('rows')), right: new Float64Array(longest('columns')) };
}

function compressRow(vector: Float32Array, { tensors }: FactorLayout, factors: Float32Array, scratch: PowerScratch, step: number): void {
  for (const tensor of tensors) {
    if (tensor.rank === 0) copyWhole(tensor, vector, factors);
    else powerIteration(vector, tensor, factors, scratch, step * 0x10001 + tensor.start);
  }
}

function copyWhole({ start, length, offset }: FactoredPlace, vector: Float32Array, factors: Float32Array): void {
  for (let at = 0; at < length; at++) factors[offset + at] = vector[start + at] ?? 0;
}
