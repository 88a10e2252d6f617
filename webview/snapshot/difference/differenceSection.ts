/** What differs between two instants: sums of what appeared, grew, vanished and shrank, by category and layer, and buffer by buffer. */
import { formatByteChange, formatBytes, formatCount } from '../../../src/protocol/format';
import { differenceKinds, type Difference, type DifferenceKind, type DifferentBuffer, type DifferentSum } from '../../../src/protocol/snapshot/difference';
import { wordsOf } from '../../../src/protocol/snapshot/ranking';
import type { Category } from '../../../src/protocol/samples';
import { element, setText } from '../../dom';
import { createFigure } from '../../figure';
import { formatExactBytes } from '../../format';
import { categoryLabels } from '../../labels';
import type { Reading } from '../reading';
import { bufferWords, shortSource, unknown } from '../words';

const kindLabels: Readonly<Record<DifferenceKind, string>> = { appeared: 'Appeared', grew: 'Grew', vanished: 'Vanished', shrank: 'Shrank' };
/** Rows at most; the sums are of all. */
const mostRows = 100;

export interface DifferenceSection {
  readonly element: HTMLElement;
  show(difference: Difference): void;
}

export function createDifferenceSection(before: Reading, after: Reading, open: (source: string) => void): DifferenceSection {
  const figures = differenceKinds.map(kind => ({ kind, figure: createFigure(kind, kindLabels[kind]) }));
  const where = element('span', { class: 'caption', role: 'status' });
  const [categories, layers, buffers] = [table('By category', ['Category', 'Before', 'After', 'Change']), table('By layer', ['Layer', 'Before', 'After', 'Change']), table('By buffer', ['Buffer', '', 'Before', 'After', 'Change'])];
  const kinds = element('select', { 'aria-label': 'Which buffers', 'data-control': 'kind' }, element('option', { value: '' }, 'all that differ'), ...differenceKinds.map(kind => element('option', { value: kind }, kindLabels[kind].toLowerCase())));
  const rest = element('p', { class: 'caption' });
  let shown: Difference | undefined;
  const list = () => {
    const rows = shown?.buffers.filter(({ kind }) => kinds.value === '' || kind === kinds.value) ?? [];
    buffers.fill(rows.slice(0, mostRows).map(row => bufferRow(row, before, after, open)));
    setText(rest, rows.length === 0 ? 'No buffer differs.' : rows.length > mostRows ? `The largest ${mostRows} of ${formatCount(rows.length)}; the sums above are of all.` : '');
  };
  kinds.addEventListener('change', list);
  const head = element('header', {}, element('h2', {}, 'What differs'), where);
  const section = element('section', { 'aria-label': 'What differs' }, head, element('dl', { class: 'key-figures kinds' }, ...figures.map(({ figure }) => figure.element)),
    element('div', { class: 'pair' }, categories.element, layers.element), element('div', { class: 'tools' }, element('label', {}, 'Buffers: ', kinds)), element('div', { class: 'differs' }, buffers.element, rest));
  return {
    element: section,
    show: difference => {
      shown = difference;
      for (const { kind, figure } of figures) {
        const { count, change } = difference.sums[kind];
        figure.show(change, count === 0 ? 'nothing' : `${formatByteChange(change)} in ${formatCount(count)}`, formatExactBytes(Math.abs(change)));
      }
      const atPeaks = difference.before.event === before.peak.event && difference.after.event === after.peak.event;
      const change = difference.after.total - difference.before.total;
      setText(where, `${atPeaks ? 'at the peaks' : 'at the chosen instants'}: ${formatBytes(difference.before.total)} before, ${formatBytes(difference.after.total)} after, ${formatByteChange(change)}`);
      categories.fill(difference.categories.map(sum => sumRow(sum, categoryLabels[sum.name as Category], sum.name)));
      layers.fill(difference.layers.filter(sum => sum.before !== sum.after).slice(0, mostRows).map(sum => sumRow(sum, sum.name === '' ? unknown.layer : sum.name)));
      list();
    },
  };
}

function table(caption: string, columns: readonly string[]) {
  const body = element('tbody');
  const head = element('tr', {}, ...columns.map(column => column === '' ? element('td') : element('th', { scope: 'col' }, column)));
  const whole = element('table', { class: 'figures' }, element('caption', columns[1] === '' ? { class: 'unseen' } : {}, caption), element('thead', {}, head), body);
  return { element: element('div', { class: 'scrolls plain', role: 'region', 'aria-label': caption, tabindex: 0 }, whole), fill: (rows: readonly HTMLElement[]) => body.replaceChildren(...rows) };
}

function sumRow({ name, before, after }: DifferentSum, label: string, swatch?: string): HTMLElement {
  const marks = swatch === undefined ? [] : [element('span', { class: `swatch ${swatch}`, 'aria-hidden': 'true' })];
  return element('tr', { 'data-name': name }, element('th', { scope: 'row', title: label }, ...marks, label), bytesCell(before), bytesCell(after), changeCell(after - before));
}

function bufferRow({ kind, category, change, before: left, after: right }: DifferentBuffer, before: Reading, after: Reading, open: (source: string) => void): HTMLElement {
  const [reading, buffer] = right === undefined ? [before, left ?? 0] : [after, right];
  const { source } = wordsOf(reading.snapshot, buffer);
  const words = wordsOfBoth(before, after, left, right);
  const link = element('button', { class: 'quiet', type: 'button', 'data-source': source, title: `Open ${source}` }, shortSource(source));
  link.addEventListener('click', () => open(source));
  const size = ({ snapshot }: Reading, which: number | undefined) => which === undefined ? undefined : snapshot.buffers.bytes[which];
  return element('tr', { 'data-kind': kind },
    element('th', { scope: 'row', title: words }, element('span', { class: `swatch ${category}`, 'aria-hidden': 'true', title: categoryLabels[category] }), words, ...(source === '' ? [] : [' ', link])),
    element('td', { class: 'kind' }, kindLabels[kind].toLowerCase()), bytesCell(size(before, left)), bytesCell(size(after, right)), changeCell(change));
}

/** `conv1 · Conv2D · float32 100x32, was 50x32` */
function wordsOfBoth(before: Reading, after: Reading, left: number | undefined, right: number | undefined): string {
  if (right === undefined) return bufferWords(before.snapshot, left ?? 0);
  const words = bufferWords(after.snapshot, right);
  const [old, shape] = [left === undefined ? '' : wordsOf(before.snapshot, left).shape, wordsOf(after.snapshot, right).shape];
  return old === '' || old === shape ? words : `${words}, was ${old}`;
}

function bytesCell(bytes: number | undefined): HTMLElement {
  return element('td', bytes === undefined ? {} : { title: formatExactBytes(bytes), 'data-value': bytes }, bytes === undefined ? '–' : formatBytes(bytes));
}

function changeCell(change: number): HTMLElement {
  return element('td', { class: change === 0 ? 'zero' : 'changed', title: formatExactBytes(Math.abs(change)), 'data-value': change }, change === 0 ? '0' : formatByteChange(change));
}
