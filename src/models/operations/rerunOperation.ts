/**
 * Any function of tensors as an operation that keeps its inputs and nothing else: the backward pass runs it once more, under
 * TensorFlow.js's tape. It costs a second forward pass, and takes functions whose gradients reach for tensors of the first by themselves.
 */
import type { Operation, Pass } from '../model';
import { present } from './onWeights';
import { recordedGradients, type RecordedFunction } from './recordedOperation';
import { record } from './recordedTape';

/** `inputs`: how many it has. */
export function rerunOperation(recorded: RecordedFunction, inputs: number): Operation {
  return {
    keeps: { inputs: Array.from({ length: inputs }, (_, place) => place), output: false, extras: false },
    forward(given, parameters, pass) {
      const { output, buffers } = recorded.call(given, parameters, pass);
      return buffers === undefined ? { output } : { output, buffers };
    },
    backward(outputGradient, kept, parameters, wanted) {
      const given = kept.inputs.map(input => present(input));
      const pass: Pass = { training: true, seed: kept.seed, slices: 1, buffers: kept.buffers, forgetful: false };
      const sources = [...given.filter((_, place) => wanted[place]), ...parameters];
      const { result, nodes } = record(() => recorded.call(given, parameters, pass), () => sources, ({ output }) => output);
      return recordedGradients({ nodes, output: result.output, inputs: given, parameters }, outputGradient, wanted, node => { node.saved.forEach(saved => { saved.dispose(); }); });
    },
    ...(recorded.flops === undefined ? {} : { flops: recorded.flops }),
  };
}
