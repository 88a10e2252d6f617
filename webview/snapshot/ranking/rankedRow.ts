/** A row of the ranking. It is made once and says one group after another, since to build a hundred rows anew takes a good part of a frame. */
import { formatBytes, formatCount, formatShare } from '../../../src/protocol/format';
import type { Instant } from '../../../src/protocol/snapshot/instant';
import { nameOf, wordsOf, type Grouping, type RankedRow } from '../../../src/protocol/snapshot/ranking';
import type { StepSnapshot } from '../../../src/protocol/snapshot/stepSnapshot';
import { element, setAttribute, setText } from '../../dom';
import { formatExactBytes } from '../../format';
import { bufferWords, categoryOf, labelOf, shortSource, unknown } from '../words';

export interface RowElement {
  readonly element: HTMLElement;
  /** `longest`: the largest share of all rows, whose bar is as long as can be. */
  show(instant: Instant, by: Grouping, row: RankedRow, longest: number): void;
}

export function createRow(open: (source: string) => void): RowElement {
  const swatch = element('span', { 'aria-hidden': 'true' });
  const [name, fill, share] = [element('span'), element('div'), element('span')];
  const link = element('button', { class: 'quiet', type: 'button' });
  link.addEventListener('click', () => open(link.dataset['source'] ?? ''));
  const head = element('th', { scope: 'row' }, swatch, name);
  const [size, count, about] = [element('td'), element('td'), element('td', { class: 'largest' })];
  const row = element('tr', {}, head, size, element('td', { class: 'share-cell' }, element('div', { class: 'share' }, share, element('div', { class: 'track' }, fill))), count, about, element('td', {}, link));
  return {
    element: row,
    show: (instant, by, { key, bytes, count: buffers, share: part, largest }, longest) => {
      const { lives: { snapshot }, category } = instant;
      const [of, title, { source }] = [category[largest] ?? 0, titleOf(snapshot, by, key), wordsOf(snapshot, largest)];
      const isOfOneCategory = by === 'category' || by === 'buffer';
      setAttribute(row, 'data-key', key);
      setAttribute(head, 'title', title);
      setAttribute(swatch, 'class', `swatch ${categoryOf(of)}`);
      setAttribute(swatch, 'title', labelOf(of));
      setAttribute(swatch, 'hidden', !isOfOneCategory);
      setText(name, title);
      setAttribute(size, 'title', formatExactBytes(bytes));
      setAttribute(size, 'data-value', bytes);
      setText(size, formatBytes(bytes));
      setText(share, formatShare(part));
      setAttribute(fill, 'class', `bar-fill ${isOfOneCategory ? categoryOf(of) : 'plain'}`);
      fill.style.inlineSize = `${longest === 0 ? 0 : 100 * part / longest}%`;
      setText(count, by === 'buffer' ? '' : formatCount(buffers));
      setAttribute(about, 'title', `${bufferWords(snapshot, largest)}, ${formatBytes(snapshot.buffers.bytes[largest] ?? 0)}`);
      setText(about, aboutLargest(instant, by, largest));
      setAttribute(link, 'data-source', source === '' ? undefined : source);
      setAttribute(link, 'title', `Open ${source}`);
      setAttribute(link, 'hidden', source === '');
      setText(link, shortSource(source));
    },
  };
}

/** What a row stands for. */
export function titleOf(snapshot: StepSnapshot, by: Grouping, key: number): string {
  if (by === 'category') return labelOf(key);
  if (by === 'buffer') return bufferWords(snapshot, key);
  const name = nameOf(snapshot, by, key);
  return name === '' ? unknown[by] : by === 'source' ? shortSource(name) : name;
}

/** What the largest buffer is, as far as the row does not say so. */
function aboutLargest({ lives: { snapshot }, category }: Instant, by: Grouping, buffer: number): string {
  if (by === 'buffer') return labelOf(category[buffer] ?? 0);
  if (by !== 'layer') return bufferWords(snapshot, buffer);
  const { operation, shape } = wordsOf(snapshot, buffer);
  return [operation, shape].filter(Boolean).join(' · ');
}
