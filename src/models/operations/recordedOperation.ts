/**
 * Any function of tensors as an operation: it runs under TensorFlow.js's own tape, whose saved tensors are the extras, and the backward
 * pass walks back over that tape. What the tape saved of inputs, output, parameters and buffers is not kept a second time: it is known by
 * its buffer, and put back from where it lies then.
 */
import { clone, reshape, zeros, type Tensor } from '@tensorflow/tfjs-core';
import { engine, type TapeNode } from '../../backends/engine';
import type { Gradients, Keeps, Kept, Operation, Pass } from '../model';
import { present } from './onWeights';
import { record, walkBack } from './recordedTape';

export interface RecordedFunction {
  /** Runs inside a tidy. */
  call(inputs: readonly Tensor[], parameters: readonly Tensor[], pass: Pass): { readonly output: Tensor; readonly buffers?: readonly Tensor[] };
  /** Places of the inputs that the tape saves, and whether it saves the output, where that is known; what it saves beside them is extra. */
  readonly saves?: Pick<Keeps, 'inputs' | 'output'>;
  /** By place, which inputs depend on a parameter, where that is known: the others are not differentiated. All parameters are. */
  readonly isDependent?: readonly boolean[];
  readonly flops?: Operation['flops'];
}

type Home = 'input' | 'output' | 'parameter' | 'buffer' | 'extra';

/** Where a saved tensor lies until the backward pass. */
interface Place {
  readonly home: Home;
  readonly index: number;
  readonly shape: readonly number[];
}

interface Recording {
  readonly nodes: readonly TapeNode[];
  /** In the order of `nodes`. */
  readonly places: readonly (readonly Place[])[];
  /** These are handles by which the tape knows its tensors, disposed of by then. */
  readonly output: Tensor;
  readonly inputs: readonly Tensor[];
  readonly parameters: readonly Tensor[];
}

export function recordedOperation(recorded: RecordedFunction): Operation {
  const { saves } = recorded;
  const isDependent = (place: number) => recorded.isDependent?.[place] ?? true;
  const keeps: Keeps = { inputs: saves?.inputs ?? [], output: saves?.output ?? false, extras: true };
  return {
    keeps,
    forward(given, parameters, pass) {
      // One tensor in two places has a gradient in each.
      const inputs = given.map((input, place) => (given.indexOf(input) < place ? clone(input) : input));
      const run = () => {
        const { output, buffers } = recorded.call(inputs, parameters, pass);
        return { output, buffers };
      };
      if (pass.forgetful || !pass.training) return withBuffers(run());
      const { result, nodes } = record(run, () => [...inputs.filter((_, place) => isDependent(place)), ...parameters], ({ output }) => output);
      const { places, extras } = settle(nodes, keeps, { inputs, output: result.output, parameters, buffers: pass.buffers.map((buffer, index) => (result.buffers?.[index] ?? buffer).dataId === buffer.dataId ? buffer : undefined) });
      const recording: Recording = { nodes, places, output: result.output, inputs, parameters };
      return { ...withBuffers(result), extras, recording };
    },
    backward(outputGradient, kept, parameters, wanted) {
      const recording = kept.recording as Recording;
      putBack(recording, kept, parameters);
      return recordedGradients(recording, outputGradient, wanted);
    },
    ...(recorded.flops === undefined ? {} : { flops: recorded.flops }),
  };
}

function withBuffers({ output, buffers }: { output: Tensor; buffers: readonly Tensor[] | undefined }) {
  return buffers === undefined ? { output } : { output, buffers };
}

/** Finds a place for each saved tensor, and disposes of those that lie elsewhere already. */
function settle(nodes: readonly TapeNode[], keeps: Keeps, { inputs, output, parameters, buffers }: { inputs: readonly Tensor[]; output: Tensor; parameters: readonly Tensor[]; buffers: readonly (Tensor | undefined)[] }): { places: Place[][]; extras: Tensor[] } {
  const homes = new Map<object, { home: Home; index: number }>();
  const enter = (home: Home, tensors: readonly (Tensor | undefined)[]) => {
    tensors.forEach((tensor, index) => { if (tensor !== undefined && !homes.has(tensor.dataId)) homes.set(tensor.dataId, { home, index }); });
  };
  enter('parameter', parameters);
  // One that was written has another value by then.
  enter('buffer', buffers);
  enter('input', inputs.map((input, index) => (keeps.inputs.includes(index) ? input : undefined)));
  if (keeps.output) enter('output', [output]);
  const extras: Tensor[] = [];
  const place = (saved: Tensor): Place => {
    const known = homes.get(saved.dataId);
    const { shape } = saved;
    if (known !== undefined) {
      saved.dispose();
      return { ...known, shape };
    }
    const own = { home: 'extra', index: extras.push(saved) - 1 } as const;
    homes.set(saved.dataId, own);
    return { ...own, shape };
  };
  return { places: nodes.map(node => node.saved.map(place)), extras };
}

/** Fills the arrays that the tape's gradients read their saved tensors from. */
function putBack({ nodes, places }: Recording, kept: Kept, parameters: readonly Tensor[]): void {
  const homes: Readonly<Record<Home, readonly (Tensor | undefined)[]>> = { input: kept.inputs, output: [kept.output], parameter: parameters, buffer: kept.buffers, extra: kept.extras };
  nodes.forEach((node, number) => {
    const saved = node.saved as Tensor[];
    places[number]?.forEach(({ home, index, shape }, position) => {
      const tensor = present(homes[home][index]);
      saved[position] = tensor.shape.join() === shape.join() ? tensor : reshape(tensor, [...shape]);
    });
  });
}

/** Gradients of a recorded function, whose nodes have their saved tensors. */
export function recordedGradients({ nodes, output, inputs, parameters }: Omit<Recording, 'places'>, outputGradient: Tensor, wanted: readonly boolean[], passed?: (node: TapeNode) => void): Gradients {
  const asked = inputs.filter(({ dtype }, place) => wanted[place] === true && dtype === 'float32');
  const terms = walkBack({ nodes, output, outputGradient, sources: [...asked, ...parameters], apart: engine().backendName === 'cpu', ...(passed === undefined ? {} : { passed }) });
  const ofInputs = inputs.map(input => asked.includes(input) ? present(terms[asked.indexOf(input)]) : undefined);
  const ofParameters = terms.slice(asked.length);
  const whole = (of: readonly Tensor[] | undefined, shape: readonly number[]) => of?.[0] ?? zeros([...shape]);
  return {
    inputs: ofInputs.map((of, place) => of && whole(of, present(inputs[place]).shape)),
    parameters: ofParameters.map((of, place) => whole(of, present(parameters[place]).shape)),
    further: { inputs: ofInputs.map(of => of?.slice(1) ?? []), parameters: ofParameters.map(of => of.slice(1)) },
  };
}
