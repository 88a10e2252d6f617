/**
 * Bytes of activations that one stretch of nodes [from, to) adds to a step, kept or recomputed: what it leaves stored until the backward
 * pass has gone through it, and the highest instant of that, above what the nodes before it have stored. What is stored only grows in
 * the forward pass, so no other instant matters. Walks and planner put whole steps together from these.
 *
 * A recomputed stretch holds the values that enter it until its first node has been differentiated.
 */
import { fewestPacked } from '../halfStorage';
import { crossing, producerOf, type Dataflow } from './dataflow';
import type { ModelFigures } from './figures';
import { rerunOf } from './rerun';

export interface StepBytes {
  readonly flow: Dataflow;
  readonly figures: ModelFigures;
  /** By node, the most that activation gradients take while it is differentiated. */
  readonly gradients: readonly number[];
  /** Of what waits for the backward pass; 2: halves in pairs. */
  readonly bytesPerElement: 2 | 4;
}

export interface StretchBytes {
  /** Added by this stretch to what is stored when the forward pass ends. */
  readonly stored: number;
  readonly backwardPeak: number;
  /** Values crossing the end of the stretch that are stored for it or for the nodes before it. */
  readonly storedAfter: readonly number[];
  /** Nodes that are run again, ascending. */
  readonly rerun: readonly number[];
}

/** `before`: values crossing `from` that are stored for the nodes before it. */
export function stretchBytes(step: StepBytes, from: number, to: number, recompute: boolean, before: readonly number[]): StretchBytes {
  const { flow } = step;
  const held = new Set(before);
  const kept = keptOf(flow, from, to);
  const { nodes: rerun, entering } = recompute ? rerunOf(flow, from, to) : { nodes: [], entering: [] };
  const waiting = new Set((recompute ? entering : [...kept.keys()]).filter(value => !held.has(value)));
  const extras = range(from, to).reduce((sum, node) => sum + extrasOf(step, node), 0);
  return {
    stored: sizes(step, waiting) + (recompute ? 0 : extras),
    backwardPeak: backwardPeak(step, from, to, kept, new Set([...held, ...entering]), recompute ? sizes(step, waiting) : 0, extras),
    storedAfter: crossing(flow, to).filter(value => held.has(value) || waiting.has(value)),
    rerun,
  };
}

/** `lasting`: stored for the whole of it, of which `lastingBytes` are its own; `extras`: those of all its nodes, which are there when it begins. */
function backwardPeak(step: StepBytes, from: number, to: number, kept: ReadonlyMap<number, number>, lasting: ReadonlySet<number>, lastingBytes: number, extras: number): number {
  const released = new Array<number>(to - from).fill(0);
  for (const [value, node] of kept) if (!lasting.has(value)) released[node - from] = (released[node - from] ?? 0) + sizes(step, [value]);
  let alive = released.reduce((sum, bytes) => sum + bytes, lastingBytes + extras);
  let highest = 0;
  for (let node = to - 1; node >= from; node--) {
    highest = Math.max(highest, alive + (step.gradients[node] ?? 0));
    alive -= extrasOf(step, node) + (released[node - from] ?? 0);
  }
  return highest;
}

/** Values that backward passes of the stretch read, and the first node that does: the last to be differentiated. */
function keptOf(flow: Dataflow, from: number, to: number): Map<number, number> {
  const first = new Map<number, number>();
  for (let node = to - 1; node >= from; node--) for (const value of flow.keeps[node] ?? []) first.set(value, node);
  return first;
}

function sizes({ flow, figures, bytesPerElement }: StepBytes, values: Iterable<number>): number {
  let sum = 0;
  // Inputs of the model are held by whoever made the batch.
  for (const value of values) if (value >= flow.inputs) sum += storedBytes(figures.nodes[producerOf(flow, value)]?.outputBytes ?? 0, bytesPerElement);
  return sum;
}

function extrasOf({ flow, figures, bytesPerElement }: StepBytes, node: number): number {
  const { extrasBytes = 0, packableExtrasBytes: packable = 0 } = figures.nodes[node] ?? {};
  return flow.keepsExtras[node] === true ? extrasBytes - packable + storedBytes(packable, bytesPerElement) : 0;
}

/** Few numbers are stored as they are (halfStorage.ts). */
function storedBytes(float32Bytes: number, bytesPerElement: 2 | 4): number {
  return bytesPerElement === 4 || float32Bytes < 4 * fewestPacked ? float32Bytes : 4 * Math.ceil(float32Bytes / 8);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
