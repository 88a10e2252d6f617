/**
 * The output of a model without a loss, nothing kept. Some of its first inputs may be given once, such as the sentence that is
 * translated: nodes that depend on those alone run once, the others for everything that is asked about them, such as every prefix of a
 * translation.
 *
 * Bytes held between two runs: the values that the later nodes read of the earlier ones, and their rows as the last run took them.
 */
import { gather, keep, tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Ledger } from '../memory/ledger';
import type { Model, Node } from '../models/model';
import type { Weights } from './weights';

type ValueMap = Map<number, Tensor>;

export class Inference {
  private readonly early: readonly number[];
  private readonly late: readonly number[];
  /** Values that later nodes read of what is given once or computed from it. */
  private readonly frontier: readonly number[];
  private readonly last: number;

  /** `once`: how many inputs, the first ones, are given once. */
  constructor(private readonly ledger: Ledger, private readonly model: Model, private readonly weights: Weights, private readonly once = 0) {
    const { nodes, inputs } = model;
    this.last = inputs.length + nodes.length - 1;
    const isEarly = inputs.map((_, value) => value < once);
    for (const node of nodes) isEarly.push(node.inputs.every(value => isEarly[value] === true));
    const numbers = nodes.map((_, index) => index);
    this.early = numbers.filter(index => isEarly[inputs.length + index] === true);
    this.late = numbers.filter(index => isEarly[inputs.length + index] !== true);
    this.frontier = [...new Set(this.late.flatMap(index => this.nodeAt(index).inputs))].filter(value => isEarly[value] === true);
  }

  /** Takes over the inputs that are given once. */
  start(inputs: readonly Tensor[]): StartedInference {
    const given: ValueMap = new Map(inputs.map((input, value) => [value, input]));
    const made = this.run(this.early, given, new Set(this.frontier));
    for (const [value, input] of given) {
      if (this.frontier.includes(value)) made.set(value, input);
      else input.dispose();
    }
    for (const tensor of made.values()) keep(tensor);
    return new StartedInference(this.ledger, made, (source, further) => {
      const all: ValueMap = new Map([...source, ...further.map((input, place) => [this.once + place, input] as const)]);
      return this.run(this.late, all, new Set([this.last])).get(this.last) as Tensor;
    });
  }

  /** A value that is made here dies when the last of these nodes has read it, unless it is to stay. */
  private run(nodes: readonly number[], given: ReadonlyMap<number, Tensor>, stay: ReadonlySet<number>): ValueMap {
    const made: ValueMap = new Map();
    const reads = new Map<number, number>();
    for (const value of nodes.flatMap(index => this.nodeAt(index).inputs)) reads.set(value, (reads.get(value) ?? 0) + 1);
    const settle = (value: number) => {
      if ((reads.get(value) ?? 0) > 0 || stay.has(value)) return;
      made.get(value)?.dispose();
      made.delete(value);
    };
    try {
      for (const index of nodes) {
        const node = this.nodeAt(index);
        const produced = this.model.inputs.length + index;
        made.set(produced, this.apply(node, index, node.inputs.map(value => made.get(value) ?? given.get(value) as Tensor)));
        for (const value of node.inputs) reads.set(value, (reads.get(value) ?? 0) - 1);
        for (const value of new Set([...node.inputs, produced])) settle(value);
      }
    } catch (error) {
      for (const tensor of made.values()) tensor.dispose();
      throw error;
    }
    return made;
  }

  private apply({ operation, parameters, buffers: places }: Node, index: number, inputs: readonly Tensor[]): Tensor {
    const { weights, ledger } = this;
    const buffers = places.map(place => weights.buffers[place] as Tensor);
    return weights.lend(parameters, lent => ledger.scope('workspace', () => tidy(() => {
      const { output } = operation.forward(inputs, lent, { training: false, slices: 1, buffers, seed: index + 1, forgetful: true });
      return [...inputs, ...lent, ...buffers].includes(output) ? output.clone() : output;
    })));
  }

  private nodeAt(index: number): Node {
    return this.model.nodes[index] as Node;
  }
}

export class StartedInference {
  private rows: Int32Array | undefined;
  private spread: ReadonlyMap<number, Tensor> = new Map();

  constructor(private readonly ledger: Ledger, private readonly source: ReadonlyMap<number, Tensor>, private readonly finish: (source: ReadonlyMap<number, Tensor>, further: readonly Tensor[]) => Tensor) {}

  /** The output for further inputs, which stay the caller's; `rows` says with which row of what was given once each of theirs goes. */
  next(rows: Int32Array, further: readonly Tensor[]): Tensor {
    if (this.source.size > 0 && !isSame(this.rows, rows)) {
      this.disposeSpread();
      this.spread = this.ledger.scope('workspace', () => rowsOf(this.source, rows));
      this.rows = rows.slice();
    }
    return this.finish(this.spread, further);
  }

  dispose(): void {
    this.disposeSpread();
    for (const tensor of this.source.values()) tensor.dispose();
  }

  private disposeSpread(): void {
    for (const tensor of this.spread.values()) tensor.dispose();
    this.spread = new Map();
    this.rows = undefined;
  }
}

function rowsOf(source: ReadonlyMap<number, Tensor>, rows: Int32Array): Map<number, Tensor> {
  const places = tensor1d(rows, 'int32');
  const spread = new Map([...source].map(([value, tensor]) => [value, keep(gather(tensor, places))]));
  places.dispose();
  return spread;
}

function isSame(a: Int32Array | undefined, b: Int32Array): boolean {
  return a?.length === b.length && b.every((value, at) => a[at] === value);
}
