/**
 * Runs nodes of a graph forward, each in a tidy of its own, so that what a layer makes on the way dies with it. What comes out is
 * handed to `Values`; what the backward pass asked for beforehand is recorded.
 */
import { tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Ledger } from '../memory/ledger';
import type { Model, Node } from '../models/model';
import type { Batch } from './gradientSource';
import { keptInputs, type GraphPlan, type SegmentPlan } from './graphPlan';
import { mixedSeed } from './nodeSeed';
import type { ActivationStorage, Stored } from './storage';
import { Values } from './values';
import type { Weights } from './weights';

/** What the backward pass of a node will find beside the values that it holds. */
export interface NodeRecord {
  readonly extras: readonly Stored[];
  readonly recording: unknown;
  readonly inputShapes: readonly (readonly number[])[];
}

export interface PassOptions {
  readonly training: boolean;
  readonly seed: number;
  readonly slices: number;
  readonly storage: ActivationStorage;
}

export class ForwardPass {
  readonly values: Values;
  readonly records = new Map<number, NodeRecord>();
  /** Of the passes so far: those that ran for the first time, and those that ran again. */
  readonly flops = { first: 0, again: 0 };

  constructor(
    private readonly ledger: Ledger, private readonly model: Model, private readonly weights: Weights,
    private readonly plan: GraphPlan, private readonly options: PassOptions,
  ) {
    this.values = new Values(options.storage, value => { this.atMaker(value); });
  }

  /** Runs the whole graph; returns the number of its last value, which the loss has yet to read. */
  run(batch: Batch): number {
    const { model: { inputs, nodes } } = this;
    const walk = this.walk(batch);
    while (walk.next().done !== true);
    return inputs.length + nodes.length - 1;
  }

  /** The same node by node: each is named when its output is there, and before the next one reads it. */
  *walk({ inputs }: Batch): Generator<number> {
    const { model, plan, values } = this;
    inputs.forEach((input, value) => { values.add(value, input, plan.reads[value] ?? 0, false); });
    for (const segment of plan.segments) {
      for (const value of segment.boundary) {
        values.hold(value);
        // Both passes of the segment start from what was stored, so that they compute the same.
        values.settle(value, false);
      }
      for (let node = segment.from; node < segment.to; node++) {
        this.step(node, !segment.recompute && (plan.onPath[node] ?? false), plan.reads);
        yield model.inputs.length + node;
      }
    }
  }

  /** Runs a segment for the second time, now to keep what its backward pass reads. */
  repeat({ from, to, again }: SegmentPlan): void {
    const { model: { nodes, inputs }, plan: { onPath }, values } = this;
    const own = from + inputs.length;
    const runs = new Set(again);
    const reads: number[] = [];
    for (let node = from; node < to; node++) {
      for (const value of runs.has(node) ? nodes[node]?.inputs ?? [] : this.heldWithoutRunning(node)) reads[value] = (reads[value] ?? 0) + 1;
    }
    for (let node = from; node < to; node++) {
      if (runs.has(node)) this.step(node, onPath[node] ?? false, reads, true, own);
      else if (onPath[node]) {
        this.record(node, [], undefined, nodes[node]?.inputs.map(value => values.shapeOf(value)) ?? []);
        for (const value of this.heldWithoutRunning(node).filter(held => held >= own)) {
          values.noteRead(value);
          values.settle(value, false);
        }
      }
    }
  }

  /** Of the node in this pass. */
  seedOf(node: number): number {
    return mixedSeed(this.options.seed, node);
  }

  dispose(): void {
    this.values.dispose();
    for (const { extras } of this.records.values()) extras.forEach(extra => { extra.dispose(); });
    this.records.clear();
  }

  /** What is stored of a value is its maker's, whoever runs when it is stored. */
  private atMaker(value: number): void {
    const maker = this.model.nodes[value - this.model.inputs.length];
    if (maker !== undefined) this.ledger.at(maker);
  }

  /** What the backward pass of a node reads that does not run again. */
  private heldWithoutRunning(node: number): number[] {
    return this.plan.onPath[node] ? keptInputs(this.model.nodes[node] as Node) : [];
  }

  /** `ownValues`: values from there on were made in this pass, so that their reads count. */
  private step(index: number, recorded: boolean, reads: readonly number[], again = false, ownValues = 0): void {
    const { model: { nodes, inputs }, values } = this;
    const node = nodes[index] as Node;
    this.ledger.at(node);
    const inputShapes = node.inputs.map(value => values.shapeOf(value));
    const { output, extras, recording } = values.borrow(node.inputs, tensors => this.apply(node, index, tensors, recorded, again));
    const produced = inputs.length + index;
    values.add(produced, output, reads[produced] ?? 0);
    this.flops[again ? 'again' : 'first'] += node.operation.flops?.(inputShapes, output.shape) ?? 0;
    if (recorded) this.record(index, extras, recording, inputShapes);
    const next = nodes[index + 1]?.inputs ?? [];
    for (const value of node.inputs) if (value >= ownValues) values.noteRead(value);
    for (const value of new Set([...node.inputs, produced])) values.settle(value, next.includes(value));
  }

  /** Holds what the backward pass of a node reads. */
  private record(index: number, extras: readonly Tensor[], recording: unknown, inputShapes: NodeRecord['inputShapes']): void {
    const { model: { nodes, inputs }, values, options: { storage } } = this;
    const node = nodes[index] as Node;
    for (const value of keptInputs(node)) values.hold(value);
    if (node.operation.keeps.output) values.hold(inputs.length + index);
    this.records.set(index, { extras: extras.map(extra => storage.store(extra)), recording, inputShapes });
  }

  private apply({ operation, parameters, buffers: places }: Node, index: number, inputs: readonly Tensor[], recorded: boolean, again: boolean): { output: Tensor; extras: Tensor[]; recording: unknown } {
    const { weights, ledger, options: { training, slices } } = this;
    const buffers = places.map(place => weights.buffers[place] as Tensor);
    let [extras, moved, recording]: [Tensor[], Tensor[], unknown] = [[], [], undefined];
    const [output] = weights.lend(parameters, lent => ledger.scope('workspace', () => tidy(() => {
      const made = operation.forward(inputs, lent, { training, slices, buffers, seed: this.seedOf(index), forgetful: !recorded });
      recording = made.recording;
      extras = recorded ? [...made.extras ?? []] : [];
      moved = training && !again ? [...made.buffers ?? []] : [];
      // An operation may give back what it was given, which has an owner already.
      return [[...inputs, ...lent, ...buffers].includes(made.output) ? made.output.clone() : made.output, ...extras, ...moved];
    })));
    if (moved.length > 0) weights.replaceBuffers(places, moved);
    return { output: output, extras, recording };
  }
}
