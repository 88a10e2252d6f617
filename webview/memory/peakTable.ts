/** The highest peak of the run, category by category; its swatches are the legend of the memory chart. */
import { formatBytes, formatShare } from '../../src/protocol/format';
import { categories, type Category } from '../../src/protocol/samples';
import type { Component } from '../component';
import { element, setAttribute, setText } from '../dom';
import { showFigure } from '../figure';
import { absent, formatExactBytes } from '../format';
import { categoryLabels, phaseLabels } from '../labels';

const columns = ['Category', 'At the peak', 'Share', 'Between steps'];

export function createPeakTable(): Component {
  const rows = categories.map(category => ({ category, ...tableRow(categoryLabels[category], category) }));
  const sum = tableRow('Total', undefined);
  const caption = element('caption', {}, 'Peak of the run');
  const head = element('tr', {}, ...columns.map(column => element('th', { scope: 'col' }, column)));
  return {
    element: element('table', { class: 'figures peak' }, caption,
      element('thead', {}, head), element('tbody', {}, ...rows.map(row => row.element)), element('tfoot', {}, sum.element)),
    render: ({ state: { peak, latest } }) => {
      if (peak === undefined) return;
      setText(caption, `Peak of the run, in the ${phaseLabels[peak.peakPhase]}`);
      const live = latest?.memory.liveBytes;
      for (const row of rows) row.show(peak.bytesAtPeak[row.category], peak.peakBytes, live?.[row.category]);
      sum.show(peak.peakBytes, peak.peakBytes, live && categories.reduce((all, category) => all + live[category], 0));
    },
  };
}

function tableRow(label: string, category: Category | undefined) {
  const swatch = category === undefined ? [] : [element('span', { class: `swatch ${category}`, 'aria-hidden': 'true' })];
  const atPeak = element('td', { 'data-figure': `peak.${category ?? 'total'}` }, absent);
  const [share, between] = [element('td', {}, absent), element('td', {}, absent)];
  return {
    element: element('tr', {}, element('th', { scope: 'row' }, ...swatch, label), atPeak, share, between),
    show: (bytes: number, whole: number, live: number | undefined) => {
      showFigure(atPeak, bytes, formatBytes(bytes), formatExactBytes(bytes));
      setAttribute(between, 'class', live === 0 ? 'zero' : undefined);
      setAttribute(atPeak, 'class', bytes === 0 ? 'zero' : undefined);
      showFigure(share, whole === 0 ? undefined : bytes / whole, whole === 0 ? '' : formatShare(bytes / whole));
      showFigure(between, live, live === undefined ? '' : formatBytes(live), live === undefined ? undefined : formatExactBytes(live));
    },
  };
}
