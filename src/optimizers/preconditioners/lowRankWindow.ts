/**
 * A window of gradients compressed by low rank (LR-MFAC of EFCP, arXiv 2306.06098). No matrix is ever written out but the
 * update: the gram comes from products of the small factors, summed over all tensors, so there is one solve for the whole
 * model. Holds 4 m n bytes, n = sum of (rows + columns) rank over the factored tensors, and of the lengths of the others.
 */
import { factorCombination } from '../../kernels/factorCombination';
import { factorDots } from '../../kernels/factorDots';
import type { FactorLayout } from '../../kernels/factorLayout';
import type { LowRankSettings } from '../../settings/formulas/lowRank';
import { factorsOf, sameFactors } from '../compressors/factorsOf';
import type { KeptFactors } from '../compressors/keptFactors';
import { createPowerScratch } from '../compressors/lowRank';
import { refitFactors } from '../compressors/refitFactors';
import type { Updates } from '../transformation';
import type { Window } from './window';

export type LowRankRows = {
  readonly layout: FactorLayout;
  readonly windowFactors: Float32Array; // [m, n]
};

const one = Float64Array.of(1);

export function lowRankWindow(settings: () => LowRankSettings): Window<LowRankRows> {
  return {
    init: (space, size) => createRows(factorsOf(settings(), space), size),
    write: ({ layout, windowFactors }, slot, updates) => windowFactors.set(keptFactorsOf(updates).factors, slot * layout.length),
    read: (rows, slot, vector) => factorCombination(rows.layout, rowAt(rows, slot), one, 1, vector),
    dots: ({ layout, windowFactors }, updates, count, dots) => factorDots(layout, windowFactors, keptFactorsOf(updates).factors, count, dots),
    rowDots: (rows, slot, count, dots) => factorDots(rows.layout, rows.windowFactors, rowAt(rows, slot), count, dots),
    combine: ({ layout, windowFactors }, coefficients, count, vector) => factorCombination(layout, windowFactors, coefficients, count, vector),
    fits: ({ layout }, space) => sameFactors(layout, factorsOf(settings(), space)),
    remap: (rows, space, size, slots) => {
      const remapped = createRows(factorsOf(settings(), space), size);
      const scratch = createPowerScratch(remapped.layout);
      slots.forEach((slot, index) => refitFactors(rows.layout, rowAt(rows, slot), remapped.layout, rowAt(remapped, index), scratch));
      return remapped;
    },
  };
}

function createRows(layout: FactorLayout, size: number): LowRankRows {
  return { layout, windowFactors: new Float32Array(size * layout.length) };
}

function rowAt({ layout, windowFactors }: LowRankRows, slot: number): Float32Array {
  return windowFactors.subarray(slot * layout.length, (slot + 1) * layout.length);
}

function keptFactorsOf({ kept }: Updates): KeptFactors {
  if (kept === undefined || !('factors' in kept)) throw new Error('A low-rank window remembers gradients compressed by low rank. Put withErrorFeedback(lowRank(...)) or withoutErrorFeedback(lowRank(...)) before it in the chain.');
  return kept;
}
