/**
 * Backpropagation over TensorFlow.js's own tape that frees as it goes: a node's saved tensors and the gradients of its
 * outputs die as soon as its gradient is computed. tf.variableGrads keeps them all until the end, which is several times
 * the necessary peak.
 *
 * Categories: what the tape keeps is `activations`; gradients on the way down are `activationGradients`; a finished
 * parameter gradient is `gradients`; whatever lives only inside one layer's computation is `workspace`.
 */
import { add, clone, dispose, onesLike, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { engine, type TapeNode } from '../backends/engine';
import type { Ledger } from '../memory/ledger';
import { forward, read } from './evaluate';
import type { GradientSource } from './gradientSource';

export function tapeGradients(ledger: Ledger): GradientSource {
  return async (model, parameters, batch, receive) => {
    const tape: TapeNode[] = [];
    const results: Tensor[] = [];
    try {
      ledger.enter('forward');
      const { logits, loss } = ledger.scope('workspace', () => record(tape, () => forward(model, parameters, batch)));
      results.push(logits, loss);
      const evaluation = await read(loss, logits, batch);
      logits.dispose();
      // A diverged loss has no gradient worth computing; the caller sees it in the evaluation.
      if (Number.isFinite(evaluation.loss)) {
        ledger.enter('backward');
        ledger.scope('workspace', () => tidy(() => { walkBack(ledger, tape, parameters, loss, receive); }));
      }
      return evaluation;
    } finally {
      // Disposing twice is harmless, so this need not know how far the walk came.
      dispose([...results, ...tape.flatMap(node => node.saved)]);
    }
  };
}

/** Runs `body` under a tape of its own and appends the recorded nodes to `tape`, even when it throws. */
function record<Result extends Record<string, Tensor>>(tape: TapeNode[], body: () => Result): Result {
  const recording = engine();
  recording.startTape();
  try {
    return tidy(body);
  } finally {
    recording.endTape();
    tape.push(...(recording.state.activeTape ?? []));
    recording.state.activeTape = null;
  }
}

function walkBack(ledger: Ledger, tape: readonly TapeNode[], parameters: readonly Tensor[], loss: Tensor, receive: (parameter: number, gradient: Tensor) => void): void {
  const parameterAt = new Map(parameters.map((parameter, index) => [parameter.id, index]));
  const path = nodesBetween(tape, parameters, loss);
  const wanted = new Set([...path.flatMap(node => node.outputs.map(output => output.id)), ...parameterAt.keys()]);
  const usesLeft = countUses(path, wanted);
  const gradients = new Map<number, Tensor>([[loss.id, onesLike(loss)]]);

  for (const node of path.toReversed()) {
    const outputGradients = node.outputs.map(output => gradients.get(output.id) ?? null);
    for (const [tensor, gradient] of inputGradients(node, wanted, outputGradients)) {
      const before = gradients.get(tensor.id);
      const total = before === undefined ? gradient : tidy(() => add(before, gradient));
      if (before !== undefined) dispose([before, gradient]);
      const parameter = parameterAt.get(tensor.id);
      ledger.claim(total, parameter === undefined ? 'activationGradients' : 'gradients');
      const left = (usesLeft.get(tensor.id) ?? 0) - 1;
      usesLeft.set(tensor.id, left);
      if (parameter !== undefined && left === 0) {
        receive(parameter, total);
        total.dispose();
        gradients.delete(tensor.id);
      } else {
        gradients.set(tensor.id, total);
      }
    }
    node.outputs.forEach(output => {
      gradients.get(output.id)?.dispose();
      gradients.delete(output.id);
    });
    dispose([...node.saved]);
  }
}

/** Gradients of those inputs of a node that lead to a parameter, made in one tidy so that shared parts are computed once. */
function inputGradients(node: TapeNode, wanted: ReadonlySet<number>, outputGradients: readonly (Tensor | null)[]): (readonly [Tensor, Tensor])[] {
  const { gradient } = node;
  if (gradient === undefined) throw new Error(`${node.kernelName} has no gradient in TensorFlow.js. Build the layer from operations that have one.`);
  const inputs = Object.entries(node.inputs).filter(([, tensor]) => wanted.has(tensor.id));
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

/** The nodes that depend on a parameter and lead to the loss, in the order of recording. */
function nodesBetween(tape: readonly TapeNode[], parameters: readonly Tensor[], loss: Tensor): TapeNode[] {
  const fromParameters = new Set(parameters.map(parameter => parameter.id));
  const dependent = tape.filter(node => {
    const depends = Object.values(node.inputs).some(input => fromParameters.has(input.id));
    if (depends) node.outputs.forEach(output => fromParameters.add(output.id));
    return depends;
  });
  const toLoss = new Set([loss.id]);
  return dependent.toReversed().filter(node => {
    const leads = node.outputs.some(output => toLoss.has(output.id));
    if (leads) Object.values(node.inputs).forEach(input => toLoss.add(input.id));
    return leads;
  }).toReversed();
}

function countUses(path: readonly TapeNode[], wanted: ReadonlySet<number>): Map<number, number> {
  const uses = new Map<number, number>();
  for (const node of path) {
    for (const { id } of Object.values(node.inputs)) if (wanted.has(id)) uses.set(id, (uses.get(id) ?? 0) + 1);
  }
  return uses;
}
