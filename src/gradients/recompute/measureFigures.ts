/**
 * Measures what each node of a model costs, by running every node once forward, and once backward from a gradient of ones to see
 * which results are the buffers they were made from. Nothing is kept but what later nodes read; nothing of the model changes.
 *
 * Bytes held meanwhile: the values that later nodes have yet to read, and one node's own.
 */
import { dispose, onesLike, slice, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Model, Node } from '../../models/model';
import type { Batch } from '../gradientSource';
import type { Weights } from '../weights';
import { dataflowOf, hasGradient } from './dataflow';
import type { NodeFigures, ModelFigures } from './figures';

export async function measureFigures(model: Model, weights: Weights, { inputs, labels }: Batch): Promise<ModelFigures> {
  const flow = dataflowOf(model);
  const values = new Map<number, Tensor>(inputs.map((input, value) => [value, input]));
  const nodes: NodeFigures[] = [];
  try {
    for (const [index, node] of model.nodes.entries()) {
      const wanted = node.inputs.map(value => flow.trained[index] === true && hasGradient(flow, value));
      const read = node.inputs.map(value => values.get(value) as Tensor);
      const { figures, output } = await measureNode(node, weights, read, flow.trained[index] === true, wanted);
      nodes.push(figures);
      values.set(flow.inputs + index, output);
      for (const value of [...node.inputs, flow.inputs + index]) {
        if (value < flow.inputs || (flow.lastRead[value] ?? -1) > index) continue;
        values.get(value)?.dispose();
        values.delete(value);
      }
    }
    const last = values.get(flow.inputs + flow.nodes - 1) as Tensor;
    const lossBytes = tidy(() => sumOf(model.loss.forward(last, labels).extras));
    return { batchBytes: sumOf([...inputs, labels]), nodes, lossBytes };
  } finally {
    for (const [value, tensor] of values) if (value >= flow.inputs) tensor.dispose();
  }
}

async function measureNode(node: Node, weights: Weights, inputs: readonly Tensor[], trained: boolean, wanted: readonly boolean[]): Promise<{ figures: NodeFigures; output: Tensor }> {
  const { operation, parameters, buffers: places } = node;
  const buffers = places.map(place => weights.buffers[place] as Tensor);
  let recording: unknown;
  const begun = performance.now();
  const tensors: readonly Tensor[] = weights.lend(parameters, lent => tidy(() => {
    const made = operation.forward(inputs, lent, { training: true, seed: 1, slices: 1, buffers, forgetful: !trained });
    recording = made.recording;
    return [inputs.includes(made.output) ? made.output.clone() : made.output, ...trained ? made.extras ?? [] : []];
  }));
  const [output, extras] = [tensors[0] as Tensor, tensors.slice(1)];
  try {
    await finished(output);
    const forwardMs = performance.now() - begun;
    const shared = inputs.findIndex(({ dataId }) => dataId === output.dataId);
    const lends = trained ? weights.lend(parameters, lent => tidy(() => {
      const gradient = onesLike(output);
      const { inputs: gradients } = operation.backward(gradient, {
        inputs: inputs.map((input, place) => (operation.keeps.inputs.includes(place) ? input : undefined)), output: operation.keeps.output ? output : undefined,
        extras, recording, seed: 1, buffers, inputShapes: inputs.map(({ shape }) => shape),
      }, lent, wanted);
      return gradients.flatMap((each, place) => (wanted[place] === true && each?.dataId === gradient.dataId ? [place] : []));
    })) : [];
    const figures = {
      outputBytes: bytesOf(output), extrasBytes: sumOf(extras), packableExtrasBytes: sumOf(extras.filter(isPackable)), forwardMs, flops: operation.flops?.(inputs.map(({ shape }) => shape), output.shape) ?? 0,
      ...shared < 0 ? {} : { outputIsInput: shared }, ...lends.length === 0 ? {} : { gradientIsOutputs: lends },
    };
    return { figures, output };
  } finally {
    dispose(extras);
  }
}

/** Waits until a device has really computed it, by reading one number. */
async function finished(tensor: Tensor): Promise<void> {
  if (tensor.size === 0) return;
  const one = tidy(() => slice(tensor, tensor.shape.map(() => 0), tensor.shape.map(() => 1)));
  await one.data();
  one.dispose();
}

function sumOf(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, tensor) => sum + bytesOf(tensor), 0);
}

function bytesOf({ size, dtype }: Tensor): number {
  return size * (dtype === 'bool' ? 1 : 4);
}

/** As halfStorage.ts decides; how few are too few is seen when the batch is known. */
function isPackable({ dtype, rank }: Tensor): boolean {
  return dtype === 'float32' && rank >= 2;
}
