/**
 * Bytes of activation gradients during a backward pass. They follow from the order of nodes alone, whatever is kept or recomputed:
 * a value's gradient lives from the first node that contributes to it until the node that made the value has used it up. Gradients
 * are float32, also where activations are stored in half of that.
 *
 * Result: by node, the most that is alive while it makes those of its inputs; behind the last node, the gradient of the model's output.
 */
import { hasGradient, type Dataflow } from './dataflow';
import type { ModelFigures } from './figures';

export function gradientBytes(flow: Dataflow, figures: ModelFigures): number[] {
  const alive = new GradientBuffers(flow, figures);
  const last = flow.nodes - 1;
  alive.put(flow.inputs + last, alive.allocate(flow.inputs + last));
  const during = new Array<number>(flow.nodes + 1).fill(alive.bytes);
  for (let node = last; node >= 0; node--) during[node] = flow.trained[node] === true ? differentiate(alive, flow, figures, node) : alive.bytes;
  return during;
}

/** Takes one node's step of the backward pass and returns the most that was alive meanwhile. */
function differentiate(alive: GradientBuffers, flow: Dataflow, figures: ModelFigures, node: number): number {
  const lent = figures.nodes[node]?.gradientIsOutputs ?? [];
  const output = flow.inputs + node;
  let highest = alive.bytes;
  (flow.reads[node] ?? []).forEach((value, place) => {
    if (!hasGradient(flow, value)) return;
    // A second contribution makes a sum, and both parts die.
    alive.put(value, lent.includes(place) && !alive.has(value) ? alive.share(output) : alive.allocate(value));
    highest = Math.max(highest, alive.bytes);
  });
  alive.drop(output);
  return highest;
}

/** Gradients by value; several values may have the same buffer, which counts once. */
class GradientBuffers {
  bytes = 0;
  private readonly byValue = new Map<number, GradientBuffer>();

  constructor(private readonly flow: Dataflow, private readonly figures: ModelFigures) {}

  has(value: number): boolean {
    return this.byValue.has(value);
  }

  allocate(value: number): GradientBuffer {
    return { bytes: this.figures.nodes[value - this.flow.inputs]?.outputBytes ?? 0, values: 0 };
  }

  share(value: number): GradientBuffer {
    return this.byValue.get(value) ?? this.allocate(value);
  }

  put(value: number, buffer: GradientBuffer): void {
    this.drop(value);
    if (buffer.values++ === 0) this.bytes += buffer.bytes;
    this.byValue.set(value, buffer);
  }

  drop(value: number): void {
    const buffer = this.byValue.get(value);
    if (buffer === undefined) return;
    if (--buffer.values === 0) this.bytes -= buffer.bytes;
    this.byValue.delete(value);
  }
}

interface GradientBuffer {
  readonly bytes: number;
  /** How many values have it for a gradient. */
  values: number;
}
