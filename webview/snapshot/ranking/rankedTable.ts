/** Groups, or single buffers, most bytes first: bytes, share, how many, the largest, and the line it was made in. */
import { formatBytes, formatCount, formatShare } from '../../../src/protocol/format';
import type { Instant } from '../../../src/protocol/snapshot/instant';
import { nameOf, rank, wordsOf, type Grouping, type RankedRow } from '../../../src/protocol/snapshot/ranking';
import type { StepSnapshot } from '../../../src/protocol/snapshot/stepSnapshot';
import { element, setAttribute, setText } from '../../dom';
import { formatExactBytes } from '../../format';
import { bufferWords, categoryOf, labelOf, shortSource, unknown } from '../words';
import { bufferFilter } from './bufferFilter';

export interface Arrangement {
  readonly by: Grouping;
  readonly filter: string;
  readonly sort: Sort;
  readonly ascending: boolean;
}
type Sort = 'name' | 'bytes' | 'count';

/** Rows at once; more on demand. */
const page = 100;

export class RankedTable {
  readonly element: HTMLElement;
  private arrangement: Arrangement = { by: 'layer', filter: '', sort: 'bytes', ascending: false };
  private instant: Instant | undefined;
  private rows: RankedRow[] = [];
  private shown = page;
  private readonly table = element('table', { class: 'figures ranking' });
  private readonly aboutHead = element('th', { scope: 'col' });
  private readonly body = element('tbody');
  private readonly caption = element('caption', { class: 'unseen' });
  private readonly heads = new Map<Sort, HTMLElement>();
  private readonly more = element('button', { class: 'quiet', type: 'button', 'data-action': 'more' });
  private readonly empty = element('p', { class: 'empty-line' }, 'Nothing that lives here fits the filter.');

  constructor(private readonly snapshot: StepSnapshot, private readonly open: (source: string) => void) {
    const head = element('tr', {}, this.head('name', 'Name'), this.head('bytes', 'Bytes'), element('th', { scope: 'col' }, 'Share'), this.head('count', 'Buffers'), this.aboutHead, element('th', { scope: 'col' }, 'Line'));
    this.table.append(this.caption, element('thead', {}, head), this.body);
    this.more.addEventListener('click', () => { this.shown += page; this.fill(); });
    this.element = element('div', { class: 'ranked-table' }, element('div', { class: 'scrolls', role: 'region', 'aria-label': 'Ranking', tabindex: 0 }, this.table), this.empty, this.more);
  }

  show(instant: Instant): void {
    this.instant = instant;
    this.shown = page;
    this.update();
  }

  arrange(change: Partial<Arrangement>): void {
    this.arrangement = { ...this.arrangement, ...change };
    this.shown = page;
    this.update();
  }

  private head(sort: Sort, label: string): HTMLElement {
    const button = element('button', { class: 'sorts', type: 'button', 'data-sort': sort }, label);
    // A name sorts from A first, a figure from the most.
    button.addEventListener('click', () => this.arrange({ sort, ascending: this.arrangement.sort === sort ? !this.arrangement.ascending : sort === 'name' }));
    const cell = element('th', { scope: 'col' }, button);
    this.heads.set(sort, cell);
    return cell;
  }

  private update(): void {
    const { instant, arrangement: { by, filter, sort, ascending } } = this;
    if (instant === undefined) return;
    const rows = rank(instant, by, bufferFilter(instant, filter));
    // They come with most bytes first.
    if (sort === 'name') rows.sort((a, b) => this.title(a).localeCompare(this.title(b), undefined, { numeric: true }));
    if (sort === 'count') rows.sort((a, b) => a.count - b.count || a.bytes - b.bytes);
    const comesAscending = sort !== 'bytes';
    this.rows = comesAscending === ascending ? rows : rows.reverse();
    for (const [column, cell] of this.heads) setAttribute(cell, 'aria-sort', column === sort ? ascending ? 'ascending' : 'descending' : 'none');
    setText(this.caption, `What lives, by ${by}`);
    setText(this.aboutHead, by === 'buffer' ? 'Category' : 'Largest of them');
    setAttribute(this.table, 'data-by', by);
    this.fill();
  }

  private fill(): void {
    const largestShare = this.rows.reduce((most, { share }) => Math.max(most, share), 0);
    this.body.replaceChildren(...this.rows.slice(0, this.shown).map(row => this.row(row, largestShare)));
    const left = this.rows.length - this.shown;
    this.more.hidden = left <= 0;
    setText(this.more, `Show ${formatCount(Math.min(page, left))} more of ${formatCount(left)}`);
    this.empty.hidden = this.rows.length > 0;
  }

  private row(row: RankedRow, longest: number): HTMLElement {
    const { bytes, count, share, largest } = row;
    const { by } = this.arrangement;
    const category = categoryOf(this.instant?.category[largest] ?? 0);
    const fill = element('div', { class: `bar-fill ${by === 'category' || by === 'buffer' ? category : 'plain'}` });
    fill.style.inlineSize = `${longest === 0 ? 0 : 100 * share / longest}%`;
    const title = this.title(row);
    const swatch = by === 'category' || by === 'buffer' ? [element('span', { class: `swatch ${category}`, 'aria-hidden': 'true', title: labelOf(this.instant?.category[largest] ?? 0) })] : [];
    return element('tr', { 'data-key': row.key },
      element('th', { scope: 'row', title }, ...swatch, title),
      element('td', { title: formatExactBytes(bytes), 'data-value': bytes }, formatBytes(bytes)),
      element('td', { class: 'share-cell' }, element('div', { class: 'share' }, element('span', {}, formatShare(share)), element('div', { class: 'track' }, fill))),
      element('td', {}, by === 'buffer' ? '' : formatCount(count)),
      ...this.about(largest));
  }

  /** What the largest buffer is, as far as the row does not say so, and the line it was made in. */
  private about(buffer: number): HTMLElement[] {
    const { source, operation, shape } = wordsOf(this.snapshot, buffer);
    const { by } = this.arrangement;
    const whole = `${bufferWords(this.snapshot, buffer)}, ${formatBytes(this.snapshot.buffers.bytes[buffer] ?? 0)}`;
    const words = by === 'buffer' ? labelOf(this.instant?.category[buffer] ?? 0) : by === 'layer' ? [operation, shape].filter(Boolean).join(' · ') : bufferWords(this.snapshot, buffer);
    const link = element('button', { class: 'quiet', type: 'button', 'data-source': source, title: `Open ${source}` }, shortSource(source));
    link.addEventListener('click', () => this.open(source));
    return [element('td', { class: 'largest', title: whole }, words), element('td', {}, ...(source === '' ? [] : [link]))];
  }

  private title({ key }: RankedRow): string {
    const { by } = this.arrangement;
    if (by === 'category') return labelOf(key);
    if (by === 'buffer') return bufferWords(this.snapshot, key);
    const name = nameOf(this.snapshot, by, key);
    return name === '' ? unknown[by] : by === 'source' ? shortSource(name) : name;
  }
}
