/** An estimate as the editor says it: one line above a run file, and the whole of it as Markdown. */
import type { Estimate } from '../protocol/estimate';
import { formatBytes, formatCount, formatMegabytes, formatMilliseconds, formatOperations } from '../protocol/format';
import { categoryLabels, phaseLabels } from '../protocol/labels';
import { categories, storedBytes } from '../protocol/samples';

/** `1.16 GiB at the peak, in the backward pass · optimizer state 443 MiB · 15.0 s a step` */
export function estimateLine({ peakBytes, peakPhase, bytes, stepMs }: Estimate): string {
  return [
    `${formatBytes(peakBytes)} at the peak, in the ${phaseLabels[peakPhase]}`, `optimizer state ${formatBytes(bytes.optimizerState)}`,
    ...(stepMs === undefined ? [] : [`${formatMilliseconds(stepMs)} a step`]),
  ].join(' · ');
}

export function estimateMarkdown(name: string, estimate: Estimate): string {
  const { bytes, bytesAtPeak, peakBytes, peakPhase, storedPeak, stepMs, flops, recomputedFlops, parameterCount, examples, backend, assumptions } = estimate;
  const stored = storedBytes(storedPeak);
  const rows = categories.filter(category => bytes[category] > 0).map(category =>
    `| ${categoryLabels[category]} | ${formatBytes(bytesAtPeak[category])} | ${formatBytes(bytes[category])} | ${formatCount(bytes[category])} |`);
  const lines = [
    `**${formatBytes(peakBytes)}** (${formatMegabytes(peakBytes)}) at the peak of a step, in the ${phaseLabels[peakPhase]}`,
    `**${formatBytes(stored)}** (${formatMegabytes(stored)}) stored at most, workspace apart: the total of [arXiv 1904.10631](https://arxiv.org/abs/1904.10631)`,
    ...(stepMs === undefined ? [] : [`**${formatMilliseconds(stepMs)}** a step, on this machine`]),
    ...(flops === undefined ? [] : [`**${formatOperations(flops)}** a step${recomputedFlops === undefined || recomputedFlops === 0 ? '' : `, and ${formatOperations(recomputedFlops)} recomputed`}`]),
    `${formatCount(parameterCount)} parameters, ${formatCount(examples)} examples a step, backend ${backend}`,
  ];
  return [
    `# Estimate of ${escaped(name)}`, lines.map(line => `- ${line}`).join('\n'),
    ['| Category | At the peak | At most | Bytes at most |', '|---|--:|--:|--:|', ...rows, `| **All** | **${formatBytes(peakBytes)}** | | ${formatCount(peakBytes)} at the peak |`].join('\n'),
    ...(assumptions.length === 0 ? [] : ['## What must hold for these figures', assumptions.map(words => `- ${escaped(words)}`).join('\n')]), '',
  ].join('\n\n');
}

/** Without what Markdown would read as its own. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|]/g, '\\$&');
}
