/**
 * TensorFlow.js's own tape around a piece of the forward pass, and a walk back over it that frees as it goes: the gradient of an
 * intermediate value dies with the node that made the value, where tf.grads keeps all of them until the end.
 */
import { add, clone, dispose, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { engine, type TapeNode } from '../../backends/engine';

export interface Recorded<Result> {
  readonly result: Result;
  /** Those that lead from `sources` to the output, in the order in which they ran; what the others saved is gone. */
  readonly nodes: readonly TapeNode[];
}

/** Runs `body` under a tape of its own. The saved tensors of the nodes returned belong to the caller. */
export function record<Result>(body: () => Result, sources: (result: Result) => readonly Tensor[], output: (result: Result) => Tensor): Recorded<Result> {
  const tape: TapeNode[] = [];
  let isComplete = false;
  try {
    const result = onTape(tape, body);
    const nodes = nodesBetween(tape, sources(result), output(result));
    isComplete = true;
    const path = new Set(nodes);
    dispose(tape.filter(node => !path.has(node)).flatMap(node => [...node.saved]));
    return { result, nodes };
  } finally {
    if (!isComplete) dispose(tape.flatMap(node => [...node.saved]));
  }
}

function onTape<Result>(tape: TapeNode[], body: () => Result): Result {
  const recording = engine();
  recording.startTape();
  try {
    return body();
  } finally {
    recording.endTape();
    tape.push(...(recording.state.activeTape ?? []));
    recording.state.activeTape = null;
  }
}

export interface Walk {
  readonly nodes: readonly TapeNode[];
  readonly output: Tensor;
  readonly outputGradient: Tensor;
  /** Those whose gradients are asked for. */
  readonly sources: readonly Tensor[];
  /** Leaves the terms of a source's gradient apart, in the order in which TensorFlow.js would add them, rather than adding them here. */
  readonly apart: boolean;
  /** After a node's gradient was computed. */
  readonly passed?: (node: TapeNode) => void;
}

/** For each source the terms of its gradient: none where the output does not depend on it. */
export function walkBack({ nodes, output, outputGradient, sources, apart, passed }: Walk): Tensor[][] {
  const terms = new Map<number, Tensor[]>(sources.map(({ id }) => [id, []]));
  const gradients = new Map<number, Tensor>([[output.id, outputGradient]]);
  const isWanted = dependents(nodes, sources);
  // The output may itself be a source, where a layer hands its input on.
  if (terms.has(output.id)) terms.set(output.id, [clone(outputGradient)]);
  for (const node of nodes.toReversed()) {
    const outputGradients = node.outputs.map(({ id }) => gradients.get(id) ?? null);
    for (const [tensor, gradient] of inputGradients(node, isWanted, outputGradients)) {
      const own = terms.get(tensor.id);
      if (own !== undefined && (apart || own.length === 0)) own.push(gradient);
      else if (own !== undefined) own[0] = added(own[0], gradient);
      else gradients.set(tensor.id, added(gradients.get(tensor.id), gradient));
    }
    for (const { id } of node.outputs) {
      const gradient = gradients.get(id);
      if (gradient !== outputGradient) gradient?.dispose();
      gradients.delete(id);
    }
    passed?.(node);
  }
  return sources.map(({ id }) => terms.get(id) ?? []);
}

function added(before: Tensor | undefined, gradient: Tensor): Tensor {
  if (before === undefined) return gradient;
  const total = add(before, gradient);
  dispose([before, gradient]);
  return total;
}

/** Gradients of the wanted inputs of a node, made in one tidy so that shared parts are computed once. */
function inputGradients(node: TapeNode, isWanted: (tensor: Tensor) => boolean, outputGradients: readonly (Tensor | null)[]): (readonly [Tensor, Tensor])[] {
  const { gradient } = node;
  if (gradient === undefined) throw new Error(`${node.kernelName} has no gradient in TensorFlow.js. Build the layer from operations that have one.`);
  const inputs = namedInputs(node).filter(([, tensor]) => isWanted(tensor));
  const made = tidy(() => {
    const lazy = gradient(outputGradients);
    return inputs.map(([name]) => {
      const value = lazy[name]?.();
      if (value === undefined) throw new Error(`${node.kernelName} gives no gradient for its input ${name}`);
      // A gradient may be the very tensor it was given, which dies with this node.
      return outputGradients.includes(value) ? clone(value) : value;
    });
  });
  return inputs.map(([, tensor], index) => [tensor, made[index] as Tensor] as const);
}

/** Inputs that an operation can do without are undefined on the tape. */
function namedInputs({ inputs }: TapeNode): [string, Tensor][] {
  return Object.entries(inputs as Record<string, Tensor | undefined>).filter((entry): entry is [string, Tensor] => entry[1] !== undefined);
}

/** Whether a tensor is a source or was made from one. */
function dependents(nodes: readonly TapeNode[], sources: readonly Tensor[]): (tensor: Tensor) => boolean {
  const ids = new Set(sources.map(({ id }) => id));
  for (const node of nodes) {
    if (namedInputs(node).some(([, { id }]) => ids.has(id))) node.outputs.forEach(({ id }) => ids.add(id));
  }
  return ({ id }) => ids.has(id);
}

/** The nodes that depend on a source and lead to the output. */
function nodesBetween(tape: readonly TapeNode[], sources: readonly Tensor[], output: Tensor): TapeNode[] {
  const depends = dependents(tape, sources);
  const toOutput = new Set([output.id]);
  return tape.toReversed().filter(node => {
    const leads = node.outputs.some(({ id }) => toOutput.has(id)) && namedInputs(node).some(([, input]) => depends(input));
    if (leads) namedInputs(node).forEach(([, { id }]) => toOutput.add(id));
    return leads;
  }).toReversed();
}
