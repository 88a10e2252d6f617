/** Labels of which none is better than another in both figures (a Pareto front), and the way that led to each. */
import type { Segment } from './segment';

export interface Label {
  /** Bytes stored by all nodes so far. */
  readonly stored: number;
  readonly cost: number;
  /** The last stretch of the way; none at the start. */
  readonly segment: Segment | undefined;
  readonly before: Label | undefined;
}

export class Front {
  /** By `stored` ascending, and so by `cost` descending. */
  readonly labels: Label[] = [];

  /** `stored`: values that are stored at this place in all of its labels. */
  constructor(readonly stored: readonly number[]) {}

  add(label: Label): void {
    const { labels } = this;
    let place = labels.findIndex(({ stored }) => stored > label.stored);
    if (place < 0) place = labels.length;
    if (place > 0 && (labels[place - 1]?.cost ?? 0) <= label.cost) return;
    // A former label with as many bytes and a higher cost goes, too.
    const from = labels[place - 1]?.stored === label.stored ? place - 1 : place;
    let to = place;
    while (to < labels.length && (labels[to]?.cost ?? 0) >= label.cost) to++;
    labels.splice(from, to - from, label);
  }
}
