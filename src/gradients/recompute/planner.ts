/**
 * The cheapest recomputation that fits a budget: which stretches of the graph to keep and which to run again, so that the extra
 * time is least while activations and their gradients never take more than so many bytes. Optimal over all ways to cut at the given
 * places, of any graph and with unequal layers, by dynamic programming from the first node to the last.
 *
 * A label at a cut is (bytes stored by the nodes before it, extra time); what those nodes do to later ones is only these bytes, and
 * which of the values that cross are stored already. So of labels with the same cut and the same stored values, those that are no
 * better in either figure are dropped, and the rest is exact. A label whose peak exceeds the budget is dropped at once.
 */
import type { Model } from '../../models/model';
import { cutsOf } from './cutPoints';
import type { ModelFigures } from './figures';
import { Front, type Label } from './front';
import type { Segment } from './segment';
import { endPeak, stepBytes } from './stepBytes';
import { stretchBytes, type StepBytes, type StretchBytes } from './stretchBytes';

export interface Plan {
  readonly segments: readonly Segment[];
  /** Of the nodes that run again: milliseconds where they were measured, operations where not. */
  readonly extraCost: number;
}

/** More places than this and the widest cuts are left out: the work grows with the square of their number. */
const mostCuts = 96;

/** Undefined where no recomputation fits. */
export function cheapestWithin(model: Model, figures: ModelFigures, budget: number, bytesPerElement: 2 | 4 = 4): Plan | undefined {
  const measured = figures.nodes.some(({ forwardMs }) => forwardMs > 0);
  const cost = (node: number) => (measured ? figures.nodes[node]?.forwardMs : figures.nodes[node]?.flops) ?? 0;
  const best = search(model, stepBytes(model, figures, bytesPerElement), (before, peak, rerun) => (
    peak > budget ? undefined : before + rerun.reduce((sum, node) => sum + cost(node), 0)
  ));
  return best === undefined ? undefined : { segments: joined(best), extraCost: best.cost };
}

/** The least budget that any recomputation fits. */
export function leastBudget(model: Model, figures: ModelFigures, bytesPerElement: 2 | 4 = 4): number {
  return search(model, stepBytes(model, figures, bytesPerElement), (before, peak) => Math.max(before, peak))?.cost ?? 0;
}

/** The best label behind the last node. `costOf` gives the cost of going on from a cost by a stretch with this peak, or undefined to forbid it. */
function search(model: Model, step: StepBytes, costOf: (before: number, peak: number, rerun: readonly number[]) => number | undefined): Label | undefined {
  const ends = [...placesToCut(step), model.nodes.length];
  const fronts = ends.map(() => new Map<string, Front>());
  const start: Front = new Front([]);
  start.add({ stored: 0, cost: 0, segment: undefined, before: undefined });
  [new Map([['', start]]), ...fronts].forEach((atCut, cut) => {
    for (const front of atCut.values()) {
      for (const next of stretchesFrom(step, ends, cut, front.stored)) {
        for (const label of front.labels) extend(fronts[next.end] as Map<string, Front>, label, next, costOf);
      }
    }
  });
  const finals = [...fronts.at(-1)?.values() ?? []].flatMap(front => front.labels).flatMap(label => {
    const cost = costOf(label.cost, endPeak(step, label.stored), []);
    return cost === undefined ? [] : [{ ...label, cost }];
  });
  return finals.sort((a, b) => a.cost - b.cost || a.stored - b.stored)[0];
}

interface Stretch {
  readonly segment: Segment;
  /** Which of the ends it reaches. */
  readonly end: number;
  readonly bytes: StretchBytes;
}

/** Kept stretches reach to the next cut, since two in a row are one; recomputed ones anywhere but to the last node, where nothing would be gained. */
function stretchesFrom(step: StepBytes, ends: readonly number[], cut: number, stored: readonly number[]): Stretch[] {
  const from = cut === 0 ? 0 : ends[cut - 1] ?? 0;
  return ends.slice(cut).flatMap((to, index) => [false, true].filter(recompute => (recompute ? cut + index < ends.length - 1 : index === 0)).map(recompute => ({
    segment: { from, to, recompute }, end: cut + index, bytes: stretchBytes(step, from, to, recompute, stored),
  })));
}

function extend(fronts: Map<string, Front>, before: Label, { segment, bytes }: Stretch, costOf: (before: number, peak: number, rerun: readonly number[]) => number | undefined): void {
  const cost = costOf(before.cost, before.stored + bytes.backwardPeak, bytes.rerun);
  if (cost === undefined) return;
  const key = bytes.storedAfter.join();
  let front = fronts.get(key);
  if (front === undefined) fronts.set(key, front = new Front(bytes.storedAfter));
  front.add({ stored: before.stored + bytes.stored, cost, segment, before });
}

/** All cuts, or the narrowest of them, in order. */
function placesToCut({ flow }: StepBytes): number[] {
  const cuts = cutsOf(flow);
  if (cuts.length <= mostCuts) return cuts.map(({ position }) => position);
  const widths = [...new Set(cuts.map(({ values }) => values.length))].sort((a, b) => a - b);
  const width = widths.findLast(most => cuts.filter(({ values }) => values.length <= most).length <= mostCuts) ?? widths[0] ?? 1;
  const narrow = cuts.filter(({ values }) => values.length <= width);
  const stride = Math.ceil(narrow.length / mostCuts);
  return narrow.filter((_, index) => index % stride === 0).map(({ position }) => position);
}

/** The stretches that lead to a label, kept ones that follow one another made one. */
function joined(last: Label): Segment[] {
  const segments: Segment[] = [];
  for (let label: Label | undefined = last; label?.segment !== undefined; label = label.before) {
    const [next] = segments;
    if (next !== undefined && !next.recompute && !label.segment.recompute) segments[0] = { ...next, from: label.segment.from };
    else segments.unshift(label.segment);
  }
  return segments;
}
