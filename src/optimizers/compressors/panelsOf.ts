/** The layout of block Top-K for given settings: runs of blocks, cut into panels. */
import type { Panel, PanelLayout } from '../../kernels/panelLayout';
import { bytesPerIndex, runsOf, type SparseSettings } from '../../settings/formulas/blocks';
import type { ParameterSpace } from '../../settings/parameterSpace';

/** Small blocks are taken together up to this many entries, whose float64 sums fit a cache of 128 KiB. */
const panelLength = 16_384;

export function panelsOf(settings: SparseSettings, space: ParameterSpace): PanelLayout {
  const runs = runsOf(settings, space);
  const panels: Panel[] = [];
  let before = 0;
  for (const { start, length, blockSize, keptPerBlock, keptInLast } of runs) {
    const step = blockSize * Math.max(1, Math.floor(panelLength / blockSize));
    for (let at = 0; at < length; at += step) {
      const isLast = at + step >= length;
      const size = isLast ? length - at : step;
      const last = isLast ? keptInLast : keptPerBlock;
      const kept = (Math.ceil(size / blockSize) - 1) * keptPerBlock + last;
      panels.push({ start: start + at, length: size, blockSize, keptPerBlock, keptInLast: last, kept, before });
      before += kept;
    }
  }
  return { dimension: space.dimension, kept: before, panels, bytesPerIndex: bytesPerIndex(runs) };
}

export function sameLayout(a: PanelLayout, b: PanelLayout): boolean {
  return a === b || (a.dimension === b.dimension && a.kept === b.kept && a.panels.length === b.panels.length && a.panels.every((panel, index) => {
    const other = b.panels[index];
    return panel.start === other?.start && panel.length === other.length && panel.blockSize === other.blockSize && panel.kept === other.kept && panel.keptPerBlock === other.keptPerBlock;
  }));
}
