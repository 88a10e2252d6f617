/**
 * Nominal milliseconds: what stands for times that were not measured (trainer/probe), in proportion to those that were. With F operations, n numbers
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

/** Of lending each parameter once. */
export function lendMs(settings: Settings, parameters: number): number {
  return perMs * parameters * (settings.weightDensity < 1 ? 4.1 : keepsHalves(settings) ? 1.4 : 0);
}

/** Of the gradients of one slice. */
export function collectMs(parameters: number, packed: boolean): number {
  return perMs * parameters * (packed ? 2.2 : 0.35);
}

export function updateMs(settings: Settings, entries: number, stateBytes: number): number {
  return perMs * (entries * 9.2 * (keepsHalves(settings) ? 1.5 : 1) + 0.2 * stateBytes);
}
