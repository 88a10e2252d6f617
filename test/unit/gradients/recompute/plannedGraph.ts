/**
 * What a model's graph and its segments say before anything runs: who reads a value last, which nodes lead from a parameter to the
 * loss, and what a segment that is computed again needs of others and must run of its own.
 *
 * Values are numbered as in `Model`: inputs first, then the output of each node.
 */
import type { Model, Node } from '../../../../src/models/model';
import type { Segment } from '../../../../src/gradients/recompute/segment';

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
  /** By value: whether it depends on a parameter. */
  readonly trained: readonly boolean[];
  /** By parameter: in how many backward passes a part of its gradient arises. */
  readonly parameterUses: readonly number[];
  readonly segments: readonly SegmentPlan[];
}

export function planOf(model: Model, segments: readonly Segment[]): GraphPlan {
  const { nodes, inputs, parameters, penalties } = model;
  const outputOf = (node: number) => inputs.length + node;
  const reads = new Array<number>(inputs.length + nodes.length).fill(0);
  const trained = reads.map(() => false);
  nodes.forEach((node, index) => {
    for (const value of node.inputs) reads[value] = (reads[value] ?? 0) + 1;
    trained[outputOf(index)] = node.parameters.length > 0 || node.inputs.some(value => trained[value]);
  });
  reads[outputOf(nodes.length - 1)] = (reads[outputOf(nodes.length - 1)] ?? 0) + 1;
  const onPath = pathToLoss(model, trained);
  const parameterUses = parameters.map((_, parameter) => {
    const uses = (all: readonly { readonly parameters: readonly number[] }[]) => all.reduce((sum, each) => sum + each.parameters.filter(own => own === parameter).length, 0);
    return uses(nodes.filter((_node, index) => onPath[index])) + uses(penalties);
  });
  return { reads, trained, onPath, parameterUses, segments: segments.map(segment => planSegment(segment, nodes, onPath, inputs.length)) };
}

function pathToLoss({ nodes, inputs }: Model, trained: readonly boolean[]): boolean[] {
  const leads = new Set([inputs.length + nodes.length - 1]);
  const onPath = nodes.map(() => false);
  for (let index = nodes.length - 1; index >= 0; index--) {
    const output = inputs.length + index;
    if (!leads.has(output)) continue;
    onPath[index] = trained[output] ?? false;
    if (onPath[index]) nodes[index]?.inputs.forEach(value => leads.add(value));
  }
  return onPath;
}

function planSegment(segment: Segment, nodes: readonly Node[], onPath: readonly boolean[], inputCount: number): SegmentPlan {
  const { from, to, recompute } = segment;
  if (!recompute) return { ...segment, boundary: [], again: [] };
  const [needed, boundary] = [new Set<number>(), new Set<number>()];
  const need = (value: number) => (value >= inputCount + from ? needed : boundary).add(value);
  const again: number[] = [];
  for (let index = to - 1; index >= from; index--) {
    const node = nodes[index] as Node;
    const { keeps } = node.operation;
    if (onPath[index]) keptInputs(node).forEach(need);
    if (!needed.has(inputCount + index) && !(onPath[index] && (keeps.output || keeps.extras))) continue;
    again.unshift(index);
    node.inputs.forEach(need);
  }
  return { ...segment, boundary: [...boundary].sort((a, b) => a - b), again };
}

/** Numbers of the values among a node's inputs that its backward pass reads. */
export function keptInputs({ inputs, operation: { keeps } }: Node): number[] {
  return keeps.inputs.map(place => inputs[place] ?? -1);
}
