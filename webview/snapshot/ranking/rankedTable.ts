/** Groups, or single buffers, most bytes first: bytes, share, how many, the largest, and the line it was made in. */
import { formatCount } from '../../../src/protocol/format';
import { firstOf } from '../../../src/protocol/snapshot/firstOf';
import type { Instant } from '../../../src/protocol/snapshot/instant';
import { groupsOf, largestShare, rowOf, type Grouping, type Groups } from '../../../src/protocol/snapshot/ranking';
import type { StepSnapshot } from '../../../src/protocol/snapshot/stepSnapshot';
import { element, setAttribute, setText } from '../../dom';
import { buffersWith } from './bufferFilter';
import { createRow, type RowElement } from './rankedRow';
import { rowOrder, type Sort } from './rowOrder';
import { sortWhenIdle, TextOrder } from './textOrder';

export interface Arrangement {
  readonly by: Grouping;
  readonly filter: string;
  readonly sort: Sort;
  readonly ascending: boolean;
}

/** Rows at first, and on demand: no more of them than are made within a frame. */
const page = 100;
const step = 50;

export class RankedTable {
  readonly element: HTMLElement;
  private arrangement: Arrangement = { by: 'layer', filter: '', sort: 'bytes', ascending: false };
  private instant: Instant | undefined;
  private groups: Groups | undefined;
  private readonly rows: RowElement[] = [];
  private readonly texts: TextOrder;
  private readonly table = element('table', { class: 'figures ranking' });
  private readonly aboutHead = element('th', { scope: 'col' });
  private readonly body = element('tbody');
  private readonly caption = element('caption', { class: 'unseen' });
  private readonly heads = new Map<Sort, HTMLElement>();
  private readonly more = element('button', { class: 'quiet', type: 'button', 'data-action': 'more' });
  private readonly empty = element('p', { class: 'empty-line' }, 'Nothing that lives here fits the filter.');

  constructor(private readonly snapshot: StepSnapshot, private readonly open: (source: string) => void) {
    this.texts = new TextOrder(snapshot.texts);
    sortWhenIdle(this.texts);
    const head = element('tr', {}, this.head('name', 'Name'), this.head('bytes', 'Bytes'), element('th', { scope: 'col' }, 'Share'), this.head('count', 'Buffers'), this.aboutHead, element('th', { scope: 'col' }, 'Line'));
    this.table.append(this.caption, element('thead', {}, head), this.body);
    this.more.addEventListener('click', () => this.fill(this.body.rows.length));
    this.element = element('div', { class: 'ranked-table' }, element('div', { class: 'scrolls', role: 'region', 'aria-label': 'Ranking', tabindex: 0 }, this.table), this.empty, this.more);
  }

  show(instant: Instant): void {
    this.instant = instant;
    this.update();
  }

  arrange(change: Partial<Arrangement>): void {
    this.arrangement = { ...this.arrangement, ...change };
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
    this.groups = groupsOf(instant, by, buffersWith(instant, this.texts.lower, filter));
    for (const [column, cell] of this.heads) setAttribute(cell, 'aria-sort', column === sort ? ascending ? 'ascending' : 'descending' : 'none');
    setText(this.caption, `What lives, by ${by}`);
    setText(this.aboutHead, by === 'buffer' ? 'Category' : 'Largest of them');
    setAttribute(this.table, 'data-by', by);
    this.fill();
  }

  /** Only what is shown is sorted. `before`: rows that are there, and stay as they are. */
  private fill(before = 0): void {
    const { instant, groups, arrangement: { by, sort, ascending } } = this;
    if (instant === undefined || groups === undefined) return;
    const count = groups.keys.length;
    const shown = firstOf(groups.keys, before === 0 ? page : before + step, rowOrder(this.snapshot.buffers, this.texts, by, groups, sort, ascending));
    const longest = largestShare(instant, groups);
    while (this.rows.length < shown.length) this.rows.push(createRow(this.open));
    shown.forEach((key, at) => { if (at >= before) this.rows[at]?.show(instant, by, rowOf(instant, groups, key), longest); });
    while (this.body.rows.length > shown.length) this.body.lastElementChild?.remove();
    this.body.append(...this.rows.slice(this.body.rows.length, shown.length).map(row => row.element));
    const left = count - shown.length;
    this.more.hidden = left <= 0;
    setText(this.more, `Show ${formatCount(Math.min(step, left))} more of ${formatCount(left)}`);
    this.empty.hidden = count > 0;
  }
}
