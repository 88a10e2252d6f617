/** Batch normalisation with ReLU, and the gradients of both, on every backend, by kernels of its own or composed, against the formulas in float64. */
import assert from 'node:assert/strict';
import { dispose, memory, tensor, tensor1d, type Tensor } from '@tensorflow/tfjs-core';
import { batchNormTraining, batchNormTrainingGradient, type BatchNormAttributes } from '../../src/backends/batchNormKernels';
import { reluGradient } from '../../src/models/operations/reluGradient';
import { assertClose } from '../support/assertClose';
import { testedBackends } from '../support/backendSuite';
import { use } from './trajectory';

interface Example extends BatchNormAttributes {
  readonly shape: readonly number[];
  readonly isAffine: boolean;
  /** Added to all inputs: what a difference of large sums would lose. */
  readonly shift: number;
}

/** Of every kind of strip that kernels take channels by, and fewer and more positions than one block. */
const examples: readonly Example[] = [[1, 1], [9, 3], [5, 4], [3, 2, 7], [2, 3, 3, 16], [4, 9, 8, 20], [2, 17, 16, 37], [3, 10, 11, 64], [1, 300, 128]].flatMap(shape => (
  [{ relu: true, isAffine: true, shift: 0 }, { relu: false, isAffine: true, shift: 300 }, { relu: true, isAffine: false, shift: 0 }].map(rest => ({ ...rest, shape, epsilon: 1e-3 }))
));

let state = 5;
/** Between -1 and 1. */
function random(size: number): Float32Array {
  return Float32Array.from({ length: size }, () => {
    state = Math.imul(state, 1664525) + 1013904223 >>> 0;
    return state / 2 ** 31 - 1;
  });
}

interface Drawn { readonly x: Float32Array; readonly dy: Float32Array; readonly scale: Float32Array; readonly offset: Float32Array }

function draw({ shape, shift, isAffine }: Example): Drawn {
  const [size, channels] = [shape.reduce((product, each) => product * each, 1), shape.at(-1)!];
  return {
    x: random(size).map((value, i) => value * (1 + i % channels) + shift), dy: random(size),
    scale: isAffine ? random(channels).map(value => value + 2) : new Float32Array(channels).fill(1), offset: isAffine ? random(channels) : new Float32Array(channels),
  };
}

/** Channel by channel. `masked`: the y that says where a ReLU lets pass. */
function reference({ x, dy, scale, offset }: Drawn, { epsilon, relu }: BatchNormAttributes, masked: ArrayLike<number>) {
  const channels = scale.length;
  const found = { y: new Float64Array(x.length), dx: new Float64Array(x.length), mean: [] as number[], variance: [] as number[], dScale: [] as number[], dOffset: [] as number[] };
  for (let c = 0; c < channels; c++) {
    const places = Array.from({ length: x.length / channels }, (_, position) => position * channels + c);
    const average = (term: (place: number) => number) => places.reduce((sum, place) => sum + term(place), 0) / places.length;
    const mean = average(place => x[place]!);
    const variance = average(place => (x[place]! - mean) ** 2);
    const inverse = 1 / Math.sqrt(variance + epsilon);
    const xhat = (place: number) => (x[place]! - mean) * inverse;
    const d = (place: number) => relu && !(masked[place]! > 0) ? 0 : dy[place]!;
    const [dScale, dOffset] = [average(place => d(place) * xhat(place)), average(d)];
    for (const place of places) {
      const y = xhat(place) * scale[c]! + offset[c]!;
      found.y[place] = relu ? Math.max(y, 0) : y;
      found.dx[place] = inverse * scale[c]! * (d(place) - dOffset - xhat(place) * dScale);
    }
    found.mean.push(mean);
    found.variance.push(variance);
    found.dScale.push(dScale * places.length);
    found.dOffset.push(dOffset * places.length);
  }
  return found;
}

const read = async (tensors: Readonly<Record<string, Tensor>>) => Object.fromEntries(await Promise.all(Object.entries(tensors).map(async ([name, each]) => [name, await each.data()] as const)));

async function check(example: Example): Promise<void> {
  const [{ shape, isAffine, shift }, drawn] = [example, draw(example)];
  const { numTensors, numDataBuffers } = memory();
  const [x, dy, scale, offset] = [tensor(drawn.x, [...shape]), tensor(drawn.dy, [...shape]), tensor1d(drawn.scale), tensor1d(drawn.offset)];
  const affine = isAffine ? { scale, offset } : {};
  const forward = batchNormTraining({ x, ...affine }, example);
  const backward = batchNormTrainingGradient({ dy, x, ...forward, ...affine }, example);
  const actual = { ...await read({ ...forward }), ...await read({ ...backward }) } as Record<keyof ReturnType<typeof reference>, Float32Array>;
  const expected = reference(drawn, example, actual.y);
  // An input of 300 has its last place at 3e-5, and so have all that is computed from its distance to the mean.
  for (const name of ['y', 'mean', 'variance', 'dx', 'dScale', 'dOffset'] as const) assertClose(actual[name], Float32Array.from(expected[name]), shift === 0 ? 1e-5 : 2e-4, name);
  assert.deepEqual([forward.y.shape, backward.dx.shape, forward.mean.shape, backward.dScale.shape], [shape, shape, [shape.at(-1)], [shape.at(-1)]]);
  dispose([x, dy, scale, offset, { ...forward }, { ...backward }]);
  assert.deepEqual([memory().numTensors, memory().numDataBuffers], [numTensors, numDataBuffers]);
}

describe('backends: batch normalisation in training', () => {
  for (const backend of testedBackends()) describe(`on ${backend}`, () => {
    before(() => use(backend));

    for (const example of examples) {
      const { shape, relu, isAffine, shift } = example;
      it(`[${shape.join()}]${relu ? ', ReLU' : ''}${isAffine ? ', scale and offset' : ''}${shift === 0 ? '' : `, mean ${shift}`}`, () => check(example));
    }

    // The webgpu backend sums up nothing.
    if (backend !== 'webgpu') it('knows of no positions', async () => {
      const x = tensor([], [0, 4]);
      const { y, mean } = batchNormTraining({ x }, { epsilon: 1e-3, relu: true });
      const { dx, dOffset } = batchNormTrainingGradient({ dy: x, x, mean, variance: mean, y }, { epsilon: 1e-3, relu: true });
      assert.deepEqual([y.shape, mean.shape, dx.shape, dOffset.shape], [[0, 4], [4], [0, 4], [4]]);
      assert.equal((await dx.data()).length, 0);
    });

    it('the gradient of a ReLU passes where its output is positive', async () => {
      const [dy, y] = [tensor(Float32Array.from({ length: 35 }, (_, i) => i - 17), [5, 7]), tensor(Float32Array.from({ length: 35 }, (_, i) => Math.max(0, i % 4 - 1)), [5, 7])];
      const dx = reluGradient(dy, y);
      // Minus zero is zero here.
      assert.deepEqual(Array.from(await dx.data(), value => value + 0), Array.from({ length: 35 }, (_, i) => i % 4 > 1 ? i - 17 : 0));
      dispose([dy, y, dx]);
    });

    it('reads y where there is a ReLU, and says so', () => {
      const [x, statistics] = [tensor([1, 2], [2, 1]), tensor1d([1])];
      assert.throws(() => batchNormTrainingGradient({ dy: x, x, mean: statistics, variance: statistics }, { epsilon: 1e-3, relu: true }), /reads y, which was not given/);
    });
  });
});
