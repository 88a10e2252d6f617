/** Operations on sequences on every backend, by kernels of its own or composed, beside the oracle. */
import assert from 'node:assert/strict';
import { add, dispose, memory, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Operation } from '../../src/models/model';
import { bandConvolution } from '../../src/models/operations/bandConvolution';
import { dotProductAttention } from '../../src/models/operations/dotProductAttention';
import { dropout } from '../../src/models/operations/dropout';
import { dynamicConvolution } from '../../src/models/operations/dynamicConvolution';
import { embedding } from '../../src/models/operations/embedding';
import { gelu } from '../../src/models/operations/gelu';
import { layerNormalization } from '../../src/models/operations/layerNormalization';
import { lightweightConvolution } from '../../src/models/operations/lightweightConvolution';
import { onWeights } from '../../src/models/operations/onWeights';
import { paddingMask } from '../../src/models/operations/paddingMask';
import { learnedPositions, sinusoidalPositions } from '../../src/models/operations/positions';
import { reversedEmbedding } from '../../src/models/operations/reversedEmbedding';
import { tapConvolution } from '../../src/models/operations/tapConvolution';
import { smoothedCrossEntropy } from '../../src/models/smoothedCrossEntropy';
import { assertClose } from '../support/assertClose';
import { testedBackends } from '../support/backendSuite';
import { hasGradient, numbers, type Values } from '../support/compareOperation';
import { oracle, use } from './trajectory';

interface Example {
  readonly operation: Operation;
  readonly inputs: readonly Values[];
  readonly parameters?: readonly Values[];
}

const [batch, length, heads, width] = [3, 6, 2, 10];
const channels = heads * width;
const x = numbers([batch, length, channels], 1);
const tokens: Values = { shape: [batch, length], values: Int32Array.from({ length: batch * length }, (_, index) => index % 7), dtype: 'int32' };
const mask: Values = { shape: [batch, length], values: Float32Array.from({ length: batch * length }, (_, index) => Number(index % length < 4)), isFixed: true };
const table = numbers([7, channels], 2);

function convolutions(taps: number, padding: 'same' | 'causal'): Readonly<Record<string, Example>> {
  const ofDynamic = numbers([channels, heads * taps], 3);
  const ofLightweight = numbers([heads, taps], 4);
  return Object.fromEntries(Object.entries({ 'the best way': {}, 'by bands': { path: bandConvolution }, 'tap by tap': { path: tapConvolution } }).flatMap(([way, path]) => [
    [`dynamic convolution ${way}, ${taps} taps, ${padding}`, { operation: onWeights(dynamicConvolution({ heads, taps, padding, weightDropout: 0, isMasked: true, ...path }), [ofDynamic.shape]), inputs: [x, mask], parameters: [ofDynamic] }],
    [`lightweight convolution ${way}, ${taps} taps, ${padding}`, { operation: onWeights(lightweightConvolution({ taps, padding, weightDropout: 0, isMasked: true, ...path }), [ofLightweight.shape]), inputs: [x, mask], parameters: [ofLightweight] }],
  ]));
}

const examples: Readonly<Record<string, Example>> = {
  ...convolutions(3, 'same'), ...convolutions(4, 'causal'), ...convolutions(15, 'causal'), ...convolutions(13, 'same'),
  'attention to keys of which some are padding': { operation: dotProductAttention({ heads, causal: false, dropout: 0, isMasked: true }), inputs: [x, numbers([batch, length, channels], 5), numbers([batch, length, channels], 6), mask] },
  'causal attention': { operation: dotProductAttention({ heads, causal: true, dropout: 0, isMasked: false }), inputs: [x, numbers([batch, length, channels], 5), numbers([batch, length, channels], 6)] },
  'a mask of padding': { operation: paddingMask(), inputs: [tokens] },
  'sinusoidal positions': { operation: sinusoidalPositions(), inputs: [x] },
  'learned positions': { operation: onWeights(learnedPositions(), [[9, channels]]), inputs: [x], parameters: [numbers([9, channels], 7)] },
  'an embedding': { operation: onWeights(embedding(3), [table.shape]), inputs: [tokens], parameters: [table] },
  'an embedding, reversed': { operation: onWeights(reversedEmbedding(), [table.shape]), inputs: [x], parameters: [table] },
  'the Gaussian error linear unit': { operation: gelu(), inputs: [numbers([batch, length, 7], 8)] },
  'layer normalisation': { operation: onWeights(layerNormalization({ epsilon: 1e-5, center: true, scale: true }), [[channels], [channels]]), inputs: [x], parameters: [numbers([channels], 9), numbers([channels], 10)] },
};

const made = ({ values, shape, dtype = 'float32' }: Values) => tensor(Array.from(values), [...shape], dtype);

/** Output, then the gradients of inputs and parameters. */
async function resultsOf({ operation, inputs, parameters = [] }: Example): Promise<Float32Array[]> {
  const before = memory().numTensors;
  const results = tidy(() => {
    const [given, weights] = [inputs, parameters].map(each => each.map(made)) as [Tensor[], Tensor[]];
    const { output, extras = [] } = operation.forward(given, weights, { training: true, seed: 5, slices: 1, buffers: [], forgetful: false });
    const kept = { inputs: given, output, extras, recording: undefined, seed: 5, buffers: [], inputShapes: given.map(({ shape }) => shape) };
    const gradients = operation.backward(made(numbers(output.shape, 11)), kept, weights, inputs.map(hasGradient));
    const ofInputs = gradients.inputs.map((first, place) => (gradients.further?.inputs?.[place] ?? []).reduce<Tensor | undefined>((total, term) => total && add(total, term), first));
    return [output, ...ofInputs.filter(gradient => gradient !== undefined), ...gradients.parameters];
  });
  const values = await Promise.all(results.map(async each => Float32Array.from(await each.data())));
  dispose(results);
  assert.equal(memory().numTensors, before, 'nothing is left behind');
  return values;
}

async function lossOf(smoothing: number): Promise<Float32Array[]> {
  const { loss, hits, gradient } = tidy(() => {
    const [logits, labels] = [made(numbers([batch, length, 11], 12)), made(tokens)];
    const whole = smoothedCrossEntropy(smoothing);
    const forward = whole.forward(logits, labels);
    return { loss: forward.loss, hits: forward.hits!, gradient: whole.backward(4, forward.extras, labels, undefined) };
  });
  const values = await Promise.all([loss, hits, gradient].map(async each => Float32Array.from(await each.data())));
  dispose([loss, hits, gradient]);
  return values;
}

describe('backends: sequences', () => {
  for (const backend of testedBackends()) describe(`on ${backend}`, () => {
    const check = async (compute: () => Promise<Float32Array[]>) => {
      await use(oracle);
      const expected = await compute();
      await use(backend);
      const found = await compute();
      assert.equal(found.length, expected.length);
      found.forEach((values, index) => { assertClose(values, expected[index]!, 1e-4, index === 0 ? 'output' : `gradient ${index}`); });
    };

    for (const [name, example] of Object.entries(examples)) it(`${name} on ${backend}`, () => check(() => resultsOf(example)));
    it(`smoothed cross-entropy on ${backend}`, () => check(() => lossOf(0.1)));

    it(`dropout drops its share, the same for the same seed, and as much of the gradient on ${backend}`, async () => {
      await use(backend);
      const drawn = async (seed: number) => {
        const operation = dropout({ rate: 0.25 });
        const { output, gradient } = tidy(() => {
          const ones = tensor(new Float32Array(8000).fill(1), [80, 100]);
          const made = operation.forward([ones], [], { training: true, seed, slices: 1, buffers: [], forgetful: false });
          const kept = { inputs: [], output: undefined, extras: [], recording: undefined, seed, buffers: [], inputShapes: [[80, 100]] };
          return { output: made.output, gradient: operation.backward(ones, kept, [], [true]).inputs[0]! };
        });
        const values = await Promise.all([output, gradient].map(async each => Array.from(await each.data())));
        dispose([output, gradient]);
        return values as [number[], number[]];
      };
      const [[first, gradient], [again], [other]] = [await drawn(7), await drawn(7), await drawn(8)];
      assert.deepEqual(gradient, first);
      assert.deepEqual(again, first);
      const share = (of: (index: number) => boolean) => first.filter((_, index) => of(index)).length / first.length;
      const isDropped = (values: readonly number[], index: number) => values[index] === 0;
      assert.ok(Math.abs(share(index => isDropped(first, index)) - 0.25) < 0.025);
      assert.ok(Math.abs(share(index => isDropped(first, index) && isDropped(other, index)) - 0.0625) < 0.015, 'another seed drops others');
      assert.ok(first.every(value => value === 0 || Math.abs(value - 4 / 3) < 1e-6));
    });
  });
});
