/** What lives at an instant: a ranked table, grouped as one likes, and the same as areas beside it. */
import { formatBytes, formatCount } from '../../../src/protocol/format';
import type { Instant } from '../../../src/protocol/snapshot/instant';
import { groupings, type Grouping } from '../../../src/protocol/snapshot/ranking';
import type { FromSnapshotView } from '../../../src/protocol/snapshotPanel';
import { element, setAttribute, setText } from '../../dom';
import { formatExactBytes } from '../../format';
import { phaseLabels } from '../../labels';
import { createScheduler } from '../../scheduler';
import type { Palette } from '../../theme';
import type { Reading } from '../reading';
import type { SnapshotPart } from '../snapshotPart';
import { TreemapCard } from '../treemap/treemapCard';
import { formatTime } from '../words';
import { RankedTable } from './rankedTable';

const groupLabels: Readonly<Record<Grouping, string>> = { category: 'Category', layer: 'Layer', operation: 'Operation', source: 'Line of the model', buffer: 'Buffer' };

export interface RankedSection extends SnapshotPart {
  show(instant: Instant): void;
}

export function createRankedSection(reading: Reading, post: (message: FromSnapshotView) => void, palette: Palette, toPeak: () => void): RankedSection {
  const open = (source: string) => post({ type: 'openSource', source });
  const table = new RankedTable(reading.snapshot, open);
  const group = element('select', { 'aria-label': 'Group by', 'data-control': 'group' }, ...groupings.map(by => element('option', { value: by }, groupLabels[by])));
  const filter = element('input', { type: 'search', placeholder: 'Filter', 'aria-label': 'Filter by layer, operation, line, shape or category', 'data-control': 'filter' });
  const narrow = (text: string, by: Grouping) => {
    filter.value = text;
    group.value = by;
    table.arrange({ by, filter: text });
  };
  const treemap = new TreemapCard(reading.snapshot, palette, { open, narrow: layer => narrow(layer, 'buffer'), save: format => post({ type: 'savePicture', file: 0, chart: 'treemap', format }) });
  group.value = 'layer';
  table.arrange({ by: 'layer' });
  group.addEventListener('change', () => table.arrange({ by: group.value as Grouping }));
  filter.addEventListener('input', () => table.arrange({ filter: filter.value }));
  const where = element('span', { class: 'caption', role: 'status' });
  const back = element('button', { class: 'quiet', type: 'button', 'data-action': 'peak' }, 'Back to the peak');
  back.addEventListener('click', toPeak);
  const head = element('header', {}, element('h2', {}, 'What lives'), where, back);
  const tools = element('div', { class: 'tools' }, element('label', {}, 'Group by ', group), filter);
  const section = element('section', { 'aria-label': 'What lives' }, head,
    element('div', { class: 'split' }, element('div', { class: 'ranked' }, tools, table.element), treemap.element));
  let latest = reading.peak;
  const render = (instant: Instant) => {
    const isPeak = instant.event === reading.peak.event;
    back.hidden = isPeak;
    setText(where, `${isPeak ? 'at the peak' : 'at the chosen instant'}: ${formatBytes(instant.total)} in ${formatCount(instant.alive.length)} buffers, ${formatTime(instant.time)} into the step, ${phaseLabels[instant.phase]}`);
    where.title = formatExactBytes(instant.total);
    table.show(instant);
    treemap.show(instant);
    setAttribute(section, 'data-stale', undefined);
  };
  // Of a million events this takes as long as a frame: the timeline answers before, and the areas follow after.
  const request = createScheduler(() => render(latest), callback => requestAnimationFrame(() => requestAnimationFrame(callback)));
  render(latest);
  return {
    element: section,
    show: instant => {
      latest = instant;
      setAttribute(section, 'data-stale', true);
      request();
    },
    recolor: next => treemap.recolor(next),
    dispose: () => treemap.dispose(),
  };
}
