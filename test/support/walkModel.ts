/**
 * The plainest walk over a model, for tests of its operations: forward, keeping what they name and nothing else, then backward in
 * TensorFlow.js's own order of additions. What an operation did not ask for is gone when its backward pass runs.
 */
import assert from 'node:assert/strict';
import { add, clone, dispose, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Kept, Model, Pass } from '../../src/models/model';

export interface Walked {
  readonly loss: number;
  readonly output: Float32Array;
  readonly gradients: readonly Float32Array[];
  readonly buffers: readonly Float32Array[];
  /** Elements of all buffers that wait for the backward pass, each counted once. */
  readonly keptElements: number;
}

export interface WalkOptions {
  readonly seed?: number;
  readonly slices?: number;
}

export function walkModel(model: Model, batch: { inputs: readonly Tensor[]; labels: Tensor }, { seed = 1, slices = 1 }: WalkOptions = {}): Walked {
  let walked: Walked | undefined;
  tidy(() => {
    const parameters = model.parameters.map(({ shape, initial }) => tensor(initial!, [...shape]));
    const buffers = model.buffers.map(({ shape, initial }) => tensor(initial, [...shape]));
    walked = walk(model, batch, parameters, buffers, { seed, slices });
  });
  return walked!;
}

function walk(model: Model, { inputs, labels }: { inputs: readonly Tensor[]; labels: Tensor }, parameters: readonly Tensor[], buffers: Tensor[], { seed, slices }: Required<WalkOptions>): Walked {
  const values: (Tensor | undefined)[] = inputs.map(input => clone(input));
  const shapes = values.map(value => value!.shape);
  const kept: Kept[] = [];
  const waiting = new Map<object, number>();
  const keep = (value: Tensor) => {
    waiting.set(value.dataId, value.size);
    return clone(value);
  };
  model.nodes.forEach((node, index) => {
    const pass: Pass = { training: true, seed: seed + index, slices, buffers: node.buffers.map(place => buffers[place]!), forgetful: false };
    const own = node.inputs.map(input => values[input]!);
    const lent = node.parameters.map(place => clone(parameters[place]!));
    let recording: unknown;
    const made = tidy(() => {
      const forward = node.operation.forward(own, lent, pass);
      ({ recording } = forward);
      return { output: forward.output, extras: [...forward.extras ?? []], buffers: [...forward.buffers ?? []] };
    });
    const { keeps } = node.operation;
    assert.equal(made.extras.length > 0 || recording !== undefined, keeps.extras, `${node.name} says beforehand whether it has extras`);
    kept.push({
      inputs: own.map((value, place) => keeps.inputs.includes(place) ? keep(value) : undefined), output: keeps.output ? keep(made.output) : undefined,
      extras: made.extras.map(keep), recording, seed: pass.seed, buffers: pass.buffers.map(buffer => clone(buffer)), inputShapes: own.map(({ shape }) => shape),
    });
    dispose([...made.extras, ...lent]);
    made.buffers.forEach((buffer, place) => { buffers[node.buffers[place]!] = buffer; });
    values.push(made.output);
    shapes.push(made.output.shape);
    // The last use of a value ends its life, unless it is kept.
    values.forEach((value, number) => {
      if (value !== undefined && number < values.length - 1 && !model.nodes.slice(index + 1).some(later => later.inputs.includes(number))) {
        value.dispose();
        values[number] = undefined;
      }
    });
  });
  const output = values.at(-1)!;
  const { loss, extras, recording } = model.loss.forward(output, labels);
  extras.forEach(extra => waiting.set(extra.dataId, extra.size));
  const penalties = model.penalties.map(penalty => penalty.value(penalty.parameters.map(place => parameters[place]!)));
  const total = penalties.reduce<Tensor>((sum, penalty) => add(sum, penalty), loss);
  const outputValues = Float32Array.from(output.dataSync());
  const gradients = backward(model, parameters, kept, model.loss.backward(1, extras, labels, recording), inputs.length);
  const keptElements = [...waiting.values()].reduce((sum, size) => sum + size, 0);
  return { loss: total.dataSync()[0]!, output: outputValues, gradients: gradients.map(gradient => Float32Array.from(gradient.dataSync())), buffers: buffers.map(buffer => Float32Array.from(buffer.dataSync())), keptElements };
}

function backward(model: Model, parameters: readonly Tensor[], kept: readonly Kept[], lossGradient: Tensor, inputs: number): Tensor[] {
  const gradients: (Tensor | undefined)[] = [];
  const ofParameters: (Tensor | undefined)[] = [];
  const addTo = (to: (Tensor | undefined)[], place: number, term: Tensor) => { to[place] = to[place] === undefined ? term : add(to[place], term); };
  for (const penalty of model.penalties) {
    penalty.gradients(penalty.parameters.map(place => parameters[place]!), 1).forEach((gradient, index) => { addTo(ofParameters, penalty.parameters[index]!, gradient); });
  }
  const leads = dependsOnParameters(model, inputs);
  gradients[inputs + model.nodes.length - 1] = lossGradient;
  for (let index = model.nodes.length - 1; index >= 0; index--) {
    const node = model.nodes[index]!;
    const own = gradients[inputs + index];
    if (own === undefined || !leads[inputs + index]) continue;
    const lent = node.parameters.map(place => clone(parameters[place]!));
    const wanted = node.inputs.map(input => leads[input]!);
    const made = tidy(() => {
      const { inputs: ofInputs, parameters: ofOwn, furtherTerms = [] } = node.operation.backward(clone(own), kept[index]!, lent, wanted);
      return { ofInputs: ofInputs.map((gradient, place) => (wanted[place] === true && gradient !== undefined ? [clone(gradient), ...(furtherTerms[place] ?? [])] : [])), ofOwn: [...ofOwn] };
    });
    assert.equal(made.ofOwn.length, node.parameters.length, `${node.name} has a gradient for each parameter`);
    made.ofInputs.forEach((terms, place) => { terms.forEach(term => { addTo(gradients, node.inputs[place]!, term); }); });
    made.ofOwn.forEach((gradient, place) => { addTo(ofParameters, node.parameters[place]!, gradient); });
    dispose(lent);
  }
  return ofParameters.map(gradient => gradient!);
}

function dependsOnParameters(model: Model, inputs: number): boolean[] {
  const leads: boolean[] = Array.from({ length: inputs }, () => false);
  for (const node of model.nodes) leads.push(node.parameters.length > 0 || node.inputs.some(input => leads[input]));
  return leads;
}
