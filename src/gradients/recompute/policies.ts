/** The policies of recomputation: how a model is cut into segments under each of them. The last segment is always kept, since it is differentiated at once. */
import type { Model } from '../../models/model';
import { nearestName } from '../../settings/nearestName';
import { blockEnds } from './blocks';
import { cutPoints, type CutPoint } from './cutPoints';
import type { ModelFigures } from './figures';
import { cheapestWithin, leastBudget } from './planner';
import { keepAll, type Segment } from './segment';

export type RecomputePolicy =
  | { readonly kind: 'none' | 'sqrt' | 'block' }
  /** Stretches of so many layers, counted where a single value goes on. */
  | { readonly kind: 'every'; readonly layers: number }
  /** Stretches end behind these nodes, or behind the last node of a layer that became several. */
  | { readonly kind: 'named'; readonly layers: readonly string[] }
  /** Bytes of activations and their gradients at the highest instant. */
  | { readonly kind: 'budget'; readonly bytes: number; readonly bytesPerElement?: 2 | 4 };

/** A policy that a model cannot be cut by; its message says why and what can be done. */
export class RecomputeError extends Error {}

/** `figures`: what nodes cost, which only a budget asks for. */
export function segmentsOf(model: Model, policy: RecomputePolicy, figures?: ModelFigures): readonly Segment[] {
  switch (policy.kind) {
    case 'none': return keepAll(model);
    case 'every': return cutAt(model, everyEnds(model, policy.layers));
    case 'sqrt': return cutAt(model, sqrtEnds(model));
    case 'block': return cutAt(model, blockEnds(model));
    case 'named': return cutAt(model, namedEnds(model, policy.layers));
    case 'budget': return withinBudget(model, policy.bytes, policy.bytesPerElement ?? 4, figures);
  }
}

/** All stretches that end at these positions are recomputed, what follows the last is kept. */
function cutAt({ nodes }: Model, ends: readonly number[]): readonly Segment[] {
  return [...ends.map((to, index) => ({ from: ends[index - 1] ?? 0, to, recompute: true })), { from: ends.at(-1) ?? 0, to: nodes.length, recompute: false }];
}

function everyEnds(model: Model, layers: number): number[] {
  if (!Number.isInteger(layers) || layers < 1) throw new RecomputeError(`Stretches of ${layers} layers cannot be recomputed. Choose a whole number from 1 on.`);
  return usualCuts(model).filter((_, index) => index % layers === layers - 1).map(({ position }) => position);
}

/** About sqrt(n) stretches of about as many nodes (arXiv 1604.06174), each ended by the narrowest cut near its end. */
function sqrtEnds(model: Model): number[] {
  const length = Math.max(1, Math.round(Math.sqrt(model.nodes.length)));
  const ends: number[] = [];
  const cuts = cutPoints(model);
  for (let wanted = length; wanted < model.nodes.length; wanted += length) {
    const near = cuts.filter(({ position }) => Math.abs(position - wanted) <= length / 2 && position > (ends.at(-1) ?? 0));
    const distance = ({ position }: CutPoint) => Math.abs(position - wanted);
    const [best] = near.sort((a, b) => a.values.length - b.values.length || distance(a) - distance(b));
    if (best !== undefined) ends.push(best.position);
  }
  return ends;
}

/** Cuts that a single value crosses; where a model has next to none, all the narrowest. */
function usualCuts(model: Model): CutPoint[] {
  const cuts = cutPoints(model);
  const enough = Math.sqrt(model.nodes.length) - 1;
  const widths = [...new Set(cuts.map(({ values }) => values.length))].sort((a, b) => a - b);
  const width = widths.find(most => cuts.filter(({ values }) => values.length <= most).length >= enough) ?? Number.POSITIVE_INFINITY;
  return cuts.filter(({ values }) => values.length <= width);
}

/** Positions behind the named layers. */
function namedEnds({ nodes }: Model, layers: readonly string[]): number[] {
  const ends = layers.map(layer => nodes.findLastIndex(({ name }) => name === layer || name.startsWith(`${layer}/`)) + 1);
  const unknown = layers.find((_, index) => ends[index] === 0);
  if (unknown !== undefined) {
    const names = nodes.map(({ name }) => name);
    const near = names.filter(name => nearestName(unknown, [name]) !== undefined).slice(0, 3);
    throw new RecomputeError(`No layer is called "${unknown}". ${near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Layers are ${names.slice(0, 8).join(', ')}${names.length > 8 ? ' and others' : ''}.`}`);
  }
  return [...new Set(ends)].filter(end => end < nodes.length).sort((a, b) => a - b);
}

function withinBudget(model: Model, bytes: number, bytesPerElement: 2 | 4, figures: ModelFigures | undefined): readonly Segment[] {
  if (figures === undefined) throw new RecomputeError('A budget can be planned for only when the layers have been measured. Take a step first.');
  const plan = cheapestWithin(model, figures, bytes, bytesPerElement);
  if (plan !== undefined) return plan.segments;
  const megabytes = (value: number, round: (value: number) => number) => round(value / 1e4) / 100;
  throw new RecomputeError(`Activations of ${model.name} do not fit ${megabytes(bytes, Math.round)} MB: with everything recomputed that can be, they take `
    + `${megabytes(leastBudget(model, figures, bytesPerElement), Math.ceil)} MB. Raise the budget to that or more, or take smaller microbatches or half precision.`);
}
