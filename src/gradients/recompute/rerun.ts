/** Which nodes of a recomputed stretch are run again: those that the backward pass reads something of, and what leads to them. */
import { outputOf, producerOf, type Dataflow } from './dataflow';

export interface Rerun {
  /** Ascending. */
  readonly nodes: readonly number[];
  /** Values made before the stretch that it cannot do without: read by what is run again, or by the backward pass itself. */
  readonly entering: readonly number[];
}

export function rerunOf(flow: Dataflow, from: number, to: number): Rerun {
  const needed = new Set<number>();
  for (let node = from; node < to; node++) {
    for (const value of flow.keeps[node] ?? []) needed.add(value);
  }
  const nodes: number[] = [];
  for (let node = to - 1; node >= from; node--) {
    if (!needed.has(outputOf(flow, node)) && flow.keepsExtras[node] !== true) continue;
    nodes.unshift(node);
    for (const value of flow.reads[node] ?? []) needed.add(value);
  }
  return { nodes, entering: [...needed].filter(value => producerOf(flow, value) < from).sort((a, b) => a - b) };
}
