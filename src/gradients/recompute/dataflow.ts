/**
 * Who makes and who reads the values of a model, seen from its order of nodes: what the policies of recomputation and the walk
 * over a step's bytes have in common. Values are numbered as in the model: first its inputs, then the output of each node.
 */
import type { Model } from '../../models/model';

export interface Dataflow {
  readonly nodes: number;
  readonly inputs: number;
  /** By value: the last node that reads it; the number of nodes where the loss does, -1 where nobody does. */
  readonly lastRead: readonly number[];
  /** By node: whether the backward pass runs through it. */
  readonly trained: readonly boolean[];
  /** By node: the value that it makes. */
  readonly makes: readonly number[];
  /** By node: the values that it reads. */
  readonly reads: readonly (readonly number[])[];
  /** By node: the values that its backward pass reads. */
  readonly keeps: readonly (readonly number[])[];
  /** By node: whether its backward pass reads extras. */
  readonly keepsExtras: readonly boolean[];
}

export function dataflowOf({ inputs, nodes }: Model): Dataflow {
  const count = inputs.length;
  const lastRead = new Array<number>(count + nodes.length).fill(-1);
  nodes.forEach((node, index) => { for (const value of node.inputs) lastRead[value] = index; });
  if (nodes.length > 0) lastRead[count + nodes.length - 1] = nodes.length;
  const trained = trainedNodes(count, nodes);
  return {
    nodes: nodes.length, inputs: count, lastRead, trained,
    makes: nodes.map((_, index) => count + index),
    reads: nodes.map(node => node.inputs),
    keeps: nodes.map(({ inputs: read, operation: { keeps } }, index) => (trained[index] !== true ? [] : distinct([
      ...keeps.inputs.map(place => read[place] ?? -1), ...keeps.output ? [count + index] : [],
    ]))),
    keepsExtras: nodes.map(({ operation: { keeps } }, index) => trained[index] === true && keeps.extras),
  };
}

/** The value that a node makes. */
export function outputOf({ makes }: Dataflow, node: number): number {
  return makes[node] ?? -1;
}

/** The node that makes a value; negative for an input of the model. */
export function producerOf({ inputs }: Dataflow, value: number): number {
  return value - inputs;
}

/** A value whose gradient the backward pass computes. */
export function hasGradient(flow: Dataflow, value: number): boolean {
  return flow.trained[producerOf(flow, value)] === true;
}

/** Values that are made before the node at `position` and read by it or later. */
export function crossing(flow: Dataflow, position: number): number[] {
  const values: number[] = [];
  for (let value = 0; value < flow.inputs + position; value++) if ((flow.lastRead[value] ?? -1) >= position) values.push(value);
  return values;
}

/** Those that depend on a parameter and lead to the loss. */
function trainedNodes(count: number, nodes: Model['nodes']): boolean[] {
  const depends = nodes.map(() => false);
  nodes.forEach((node, index) => { depends[index] = node.parameters.length > 0 || node.inputs.some(value => depends[value - count] === true); });
  const leads = nodes.map((_, index) => index === nodes.length - 1);
  for (let index = nodes.length - 1; index >= 0; index--) {
    if (leads[index] === true) for (const value of nodes[index]?.inputs ?? []) if (value >= count) leads[value - count] = true;
  }
  return nodes.map((_, index) => depends[index] === true && leads[index] === true);
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)];
}
