/** What a run did to hold fewer bytes, and what it stored at most, in lines for the terminal. */
import { formatBytes, formatCount, formatMegabytes, formatOperations, formatShare } from '../protocol/format';
import type { SampleEvent } from '../protocol/runEvents';
import { storedBytes, threeWay, type Bytes } from '../protocol/samples';

type Savings = Pick<SampleEvent, 'flops' | 'recomputedFlops' | 'lossScale' | 'skippedSteps' | 'rewired'>;

/** As the last sample has it; undefined where nothing of the kind was done. */
export function savingsLine({ flops, recomputedFlops, lossScale, skippedSteps, rewired }: Savings): string | undefined {
  const parts = [
    ...(recomputedFlops === undefined ? [] : [`recomputed ${formatOperations(recomputedFlops)} a step${flops === undefined || flops === 0 ? '' : ` (${formatShare(recomputedFlops / flops)} more)`}`]),
    ...(lossScale === undefined ? [] : [`loss scale ${formatCount(lossScale)}`]),
    ...(skippedSteps === undefined ? [] : [`${formatCount(skippedSteps)} ${skippedSteps === 1 ? 'step' : 'steps'} skipped`]),
    ...(rewired === undefined ? [] : [`${formatCount(rewired)} connections moved by the last rewiring`]),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** The three-way accounting of papers, in MB of 10^6 bytes as they give it, with what it leaves out. */
export function storedLine(stored: Bytes): string {
  const { model, optimizer, activations } = threeWay(stored);
  const counted = model + optimizer + activations;
  return `stored at most, workspace apart: ${formatBytes(storedBytes(stored))}; model ${formatMegabytes(model)} + optimizer ${formatMegabytes(optimizer)} + activations ${formatMegabytes(activations)} = ${formatMegabytes(counted)} `
    + `(buffers ${formatBytes(stored.buffers)}, data ${formatBytes(stored.data)}, unattributed ${formatBytes(stored.unattributed)}, workspace ${formatBytes(stored.workspace)})`;
}
