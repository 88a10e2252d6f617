/**
 * Nominal milliseconds: what orders combinations before any of them is timed, and the same on every machine. With F operations, n numbers
 * written and one call for each node, on one thread of the processor that ARCHITECTURE.md's figures were measured on:
 *
 *   node     F / 20 GFLOP/s + 0.8 ns n + 20 us       forward; twice that backward; once more where it is recomputed
 *   halves   1.6 ns for each number that is packed, and unpacked in the backward pass
 *   slice    collecting gradients 0.35 ns a parameter (packed 2.2), lending parameters 1.4 ns twice where they are stored in two bytes, 4.1 where sparse
 *   update   9.2 ns an entry, half as much again in two bytes, and 0.2 ns for each byte of the optimizer's state
 */
import type { ModelFigures, NodeFigures } from '../gradients/recompute/figures';
import { keepsHalves } from '../settings/memoryTechniques';
import type { Settings } from '../settings/knobs';

const perMs = 1e-6;

function nodeMs({ flops, outputBytes }: NodeFigures): number {
  return perMs * (flops / 20 + 0.8 * outputBytes / 4 + 20_000);
}

/** The same figures with nominal times in the place of measured ones, which differ from run to run. */
export function withNominalTimes(figures: ModelFigures): ModelFigures {
  return { ...figures, nodes: figures.nodes.map(node => ({ ...node, forwardMs: nodeMs(node) })) };
}

export function forwardMs({ nodes }: ModelFigures, among: readonly number[] = nodes.map((_, index) => index)): number {
  return among.reduce((sum, index) => sum + (nodes[index]?.forwardMs ?? 0), 0);
}

/** Of packing and unpacking so many bytes of halves. */
export function packingMs(packedBytes: number): number {
  return perMs * 1.6 * packedBytes / 2;
}

/** What every slice of a batch costs beside its passes. */
export function sliceMs(settings: Settings, parameters: number, packed: boolean): number {
  const lending = settings.weightDensity < 1 ? 4.1 : keepsHalves(settings) ? 1.4 : 0;
  return perMs * parameters * ((packed ? 2.2 : 0.35) + 2 * lending);
}

export function updateMs(settings: Settings, entries: number, stateBytes: number): number {
  return perMs * (entries * 9.2 * (keepsHalves(settings) ? 1.5 : 1) + 0.2 * stateBytes);
}
