/**
 * What a model's graph and its segments say before anything runs: who reads a value last, which nodes lead from a parameter to the
 * loss, and what a segment that is computed again needs of others and must run of its own.
 *
 * Values are numbered as in `Model`: inputs first, then the output of each node.
 */
import type { Model, Node } from '../models/model';
import { dataflowOf, hasGradient, outputOf } from './recompute/dataflow';
import { rerunOf } from './recompute/rerun';
import type { Segment } from './recompute/segment';

export interface SegmentPlan extends Segment {
  /** Values from outside that its second forward pass or its backward pass reads. */
  readonly boundary: readonly number[];
  /** The nodes that its second forward pass runs, in order: those whose output or extras the backward pass reads. */
  readonly again: readonly number[];
}

export interface GraphPlan {
  /** By value: how often it is read in a forward pass. The loss reads the last. */
  readonly reads: readonly number[];
  /** By node: whether it is on a path from a parameter to the loss, so that it has a backward pass. */
  readonly onPath: readonly boolean[];
  /** By value: whether the backward pass asks for its gradient. */
  readonly trained: readonly boolean[];
  /** By parameter: in how many backward passes a part of its gradient arises. */
  readonly parameterUses: readonly number[];
  readonly segments: readonly SegmentPlan[];
}

export function planOf(model: Model, segments: readonly Segment[]): GraphPlan {
  const { nodes, inputs, parameters, penalties } = model;
  const flow = dataflowOf(model);
  const reads = new Array<number>(inputs.length + nodes.length).fill(0);
  for (const value of [...flow.reads.flat(), outputOf(flow, nodes.length - 1)]) reads[value] = (reads[value] ?? 0) + 1;
  const differentiated = [...nodes.filter((_, index) => flow.trained[index]), ...penalties].flatMap(each => each.parameters);
  return {
    reads, onPath: flow.trained, trained: reads.map((_, value) => hasGradient(flow, value)),
    parameterUses: parameters.map((_, parameter) => differentiated.filter(own => own === parameter).length),
    segments: segments.map(segment => {
      const rerun = segment.recompute ? rerunOf(flow, segment.from, segment.to) : { nodes: [], entering: [] };
      return { ...segment, boundary: rerun.entering, again: rerun.nodes };
    }),
  };
}

/** Numbers of the values among a node's inputs that its backward pass reads. */
export function keptInputs({ inputs, operation: { keeps } }: Node): number[] {
  return keeps.inputs.map(place => inputs[place] ?? -1);
}
