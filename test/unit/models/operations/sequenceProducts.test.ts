import assert from 'node:assert/strict';
import { add, matMul, mul, ones, pad, reshape, setBackend, slice, softmax, stack, sum, tensor, tidy, tile, transpose, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { bandConvolution } from '../../../../src/models/operations/bandConvolution';
import { dotProductAttention } from '../../../../src/models/operations/dotProductAttention';
import { thinned } from '../../../../src/models/operations/dropout';
import { dynamicConvolution } from '../../../../src/models/operations/dynamicConvolution';
import { lightweightConvolution } from '../../../../src/models/operations/lightweightConvolution';
import { onWeights } from '../../../../src/models/operations/onWeights';
import { convolveSequence, pathFor } from '../../../../src/models/operations/sequenceConvolution';
import { tapConvolution } from '../../../../src/models/operations/tapConvolution';
import { assertClose } from '../../../support/assertClose';
import { assets } from '../../../support/assets';
import { agreesWithStock, numbers, type Comparison, type Values } from '../../../support/compareOperation';
import { assertSlopes } from '../../../support/numericalGradients';

/** Padding at the end of each example, of all but the first; one example may be nothing else. */
function maskOf(batch: number, length: number, isEmpty = false): Values {
  const own = (example: number) => (isEmpty && example === batch - 1 ? 0 : Math.max(1, length - example));
  return { shape: [batch, length], values: Float32Array.from({ length: batch * length }, (_, index) => Number(index % length < own(Math.floor(index / length)))), isFixed: true };
}

const paths = { band: bandConvolution, taps: tapConvolution, 'the best for the size': undefined } as const;

interface Convolved {
  readonly batch: number;
  readonly length: number;
  readonly heads: number;
  readonly width: number;
  readonly taps: number;
  readonly padding: 'same' | 'causal';
  readonly isMasked: boolean;
  readonly weightDropout: number;
  readonly path: keyof typeof paths;
}

/** What the convolution says, written out: x unfolded into all it is multiplied with, [batch, length, taps, channels]. */
function unfolded(x: Tensor, taps: number, padding: 'same' | 'causal'): Tensor {
  const [batch = 0, length = 0, channels = 0] = x.shape;
  const left = padding === 'causal' ? taps - 1 : Math.floor((taps - 1) / 2);
  const whole = pad(x, [[0, 0], [left, taps - 1 - left], [0, 0]]);
  return stack(Array.from({ length: taps }, (_, tap) => slice(whole, [0, tap, 0], [batch, length, channels])), 2);
}

/** [.., heads, taps] as [.., taps, channels]. */
function forChannels(kernels: Tensor, width: number): Tensor {
  const [heads = 0, taps = 0] = kernels.shape.slice(-2);
  const leading = kernels.shape.slice(0, -2);
  const last = transpose(kernels, [...leading.map((_, axis) => axis), kernels.rank - 1, kernels.rank - 2]);
  return reshape(tile(reshape(last, [-1, taps, heads, 1]), [1, 1, 1, width]), [...leading, taps, heads * width]);
}

const read = (x: Tensor, mask: Tensor | undefined) => mask === undefined ? x : mul(x, reshape(mask, [...mask.shape, 1]));
const dropped = (x: Tensor, rate: number) => rate === 0 ? x : mul(x, thinned(ones(x.shape), rate, 3));

function dynamic({ batch, length, heads, width, taps, padding, isMasked, weightDropout, path }: Convolved): Comparison {
  const channels = heads * width;
  const chosen = paths[path];
  return {
    operation: onWeights(dynamicConvolution({ heads, taps, padding, weightDropout, isMasked, ...chosen === undefined ? {} : { path: chosen } }), [[channels, heads * taps]]),
    inputs: [numbers([batch, length, channels], 1), ...isMasked ? [maskOf(batch, length)] : []], parameters: [numbers([channels, heads * taps], 2)],
    stock: ([given, mask], [weight]) => {
      const x = read(given!, mask);
      const kernels = softmax(reshape(matMul(reshape(x, [-1, channels]), weight as Tensor2D), [batch, length, heads, taps]));
      return sum(mul(unfolded(x, taps, padding), forChannels(dropped(kernels, weightDropout), width)), 2);
    },
  };
}

function lightweight({ batch, length, heads, width, taps, padding, isMasked, weightDropout, path }: Convolved): Comparison {
  const chosen = paths[path];
  return {
    operation: onWeights(lightweightConvolution({ taps, padding, weightDropout, isMasked, ...chosen === undefined ? {} : { path: chosen } }), [[heads, taps]]),
    inputs: [numbers([batch, length, heads * width], 1), ...isMasked ? [maskOf(batch, length)] : []], parameters: [numbers([heads, taps], 2)],
    stock: ([given, mask], [weight]) => sum(mul(unfolded(read(given!, mask), taps, padding), forChannels(dropped(softmax(weight!), weightDropout), width)), 2),
  };
}

interface Attended {
  readonly batch: number;
  readonly length: number;
  readonly keys: number;
  readonly heads: number;
  readonly width: number;
  readonly causal: boolean;
  readonly mask: 'none' | 'some' | 'one example of nothing else';
  readonly rate: number;
}

/** Head by head, on keys chosen by number rather than by a bias. */
function attention({ batch, length, keys, heads, width, causal, mask, rate }: Attended): Comparison {
  const isMasked = mask !== 'none';
  const shape = (long: number) => [batch, long, heads * width];
  return {
    operation: dotProductAttention({ heads, causal, dropout: rate, isMasked }),
    inputs: [numbers(shape(length), 1), numbers(shape(keys), 2), numbers(shape(keys), 3), ...isMasked ? [maskOf(batch, keys, mask !== 'some')] : []],
    stock: ([queries, allKeys, values, given]) => {
      const ofHead = (x: Tensor, head: number, long: number) => slice(x, [0, 0, head * width], [batch, long, width]);
      const rows = Array.from({ length: length * keys }, (_, index) => Number(causal && index % keys > Math.floor(index / keys)));
      const scores = Array.from({ length: heads }, (_, head) => {
        const plain = mul(matMul(ofHead(queries!, head, length), ofHead(allKeys!, head, keys), false, true), 1 / Math.sqrt(width));
        const seen = given === undefined ? plain : add(plain, tile(reshape(mul(add(given, -1), 1e9), [batch, 1, keys]), [1, length, 1]));
        return add(seen, mul(tensor(rows, [1, length, keys]), -1e9));
      });
      const probabilities = dropped(softmax(stack(scores, 1)), rate);
      const read = Array.from({ length: heads }, (_, head) => matMul(reshape(slice(probabilities, [0, head, 0, 0], [batch, 1, length, keys]), [batch, length, keys]), ofHead(values!, head, keys)));
      return reshape(stack(read, 2), [batch, length, heads * width]);
    },
  };
}

const convolved = fc.record<Convolved>({
  batch: fc.integer({ min: 1, max: 3 }), length: fc.integer({ min: 1, max: 7 }), heads: fc.integer({ min: 1, max: 3 }), width: fc.integer({ min: 1, max: 21 }), taps: fc.constantFrom(1, 2, 3, 4, 7, 10, 15),
  padding: fc.constantFrom('same', 'causal'), isMasked: fc.boolean(), weightDropout: fc.constantFrom(0, 0.3), path: fc.constantFrom('band', 'taps', 'the best for the size'),
});
const attended = fc.record<Attended>({
  batch: fc.integer({ min: 1, max: 3 }), length: fc.integer({ min: 1, max: 5 }), keys: fc.integer({ min: 1, max: 6 }), heads: fc.integer({ min: 1, max: 3 }), width: fc.integer({ min: 1, max: 5 }),
  causal: fc.boolean(), mask: fc.constantFrom('none', 'some', 'one example of nothing else'), rate: fc.constantFrom(0, 0.3),
});

describe('models: convolution over time and attention', () => {
  const close = { exact: false, tolerance: 1e-4, runs: 60 };
  it('dynamic convolution has the gradients of TensorFlow.js\'s tape, by every path', agreesWithStock(convolved, dynamic, close));
  it('lightweight convolution has the gradients of TensorFlow.js\'s tape, by every path', agreesWithStock(convolved, lightweight, close));
  it('attention has the gradients of TensorFlow.js\'s tape, dropout repeated from its seed', agreesWithStock(attended, attention, close));

  for (const name of ['cpu', 'wasm'] as const) {
    it(`${name}: gradients are the slopes of the function, dropout and masks included`, async () => {
      await loadBackend(name, { assets });
      await setBackend(name);
      const base = { batch: 2, length: 4, heads: 2, width: 4, isMasked: true, weightDropout: 0.2 } as const;
      for (const path of ['band', 'taps', 'the best for the size'] as const) {
        for (const [taps, padding] of [[3, 'causal'], [4, 'same'], [9, 'causal'], [7, 'same']] as const) {
          assertSlopes(dynamic({ ...base, taps, padding, path }));
          assertSlopes(lightweight({ ...base, taps, padding, path }));
        }
      }
      for (const causal of [false, true]) assertSlopes(attention({ batch: 2, length: 4, keys: 5, heads: 2, width: 3, causal, mask: 'some', rate: 0.2 }));
    });
  }

  it('the bands are for sequences where they take no more than x, taps for longer ones', () => {
    const of = (...shape: number[]) => ({ shape });
    assert.equal(pathFor(of(80, 25, 512), of(80, 25, 4, 31)), bandConvolution);
    assert.equal(pathFor(of(1, 2048, 512), of(1, 2048, 4, 31)), tapConvolution);
  });

  it('a convolution by kernels written down', async () => {
    await loadBackend('cpu', { assets });
    await setBackend('cpu');
    tidy(() => {
      const x = tensor([1, 2, 3], [1, 3, 1]);
      const kernels = tensor([1, 10, 100, 2, 20, 200, 3, 30, 300], [1, 3, 1, 3]);
      for (const path of [bandConvolution, tapConvolution]) {
        assertClose(convolveSequence(x, kernels, 2, path).dataSync(), [100, 20 + 400, 3 + 60 + 900], 0, 'causal');
        assertClose(convolveSequence(x, kernels, 1, path).dataSync(), [10 + 200, 2 + 40 + 600, 6 + 90], 0, 'same');
      }
    });
  });

  it('they keep their inputs and nothing else', async () => {
    await loadBackend('cpu', { assets });
    await setBackend('cpu');
    const base = { batch: 2, length: 4, heads: 2, width: 3, isMasked: true, taps: 3, padding: 'causal', weightDropout: 0.2, path: 'taps' } as const;
    const all: Comparison[] = [dynamic(base), lightweight(base), attention({ ...base, keys: 5, causal: true, mask: 'some', rate: 0.2 })];
    assert.deepEqual(all.map(({ operation }) => operation.keeps), [[0, 1], [0, 1], [0, 1, 2, 3]].map(inputs => ({ inputs, output: false, extras: false })));
    for (const { operation, inputs, parameters = [] } of all) {
      tidy(() => {
        const [given, weights] = [inputs, parameters].map(each => each.map(({ values, shape }) => tensor(Array.from(values), [...shape]))) as [Tensor[], Tensor[]];
        assert.equal(operation.forward(given, weights, { training: true, seed: 1, slices: 1, buffers: [], forgetful: false }).extras, undefined);
      });
    }
  });

  it('a row whose keys are all padding has probabilities all the same, and no NaN', async () => {
    for (const name of ['cpu', 'wasm'] as const) {
      await loadBackend(name, { assets });
      await setBackend(name);
      tidy(() => {
        const [q, k, v] = [1, 2, 3].map(seed => { const { shape, values } = numbers([1, 2, 4], seed); return tensor(Array.from(values), [...shape]); });
        const { output } = dotProductAttention({ heads: 2, causal: false, dropout: 0, isMasked: true }).forward([q!, k!, v!, tensor([0, 0], [1, 2])], [], { training: true, seed: 1, slices: 1, buffers: [], forgetful: true });
        assertClose(output.dataSync(), tile(mul(sum(v!, 1, true), 0.5), [1, 2, 1]).dataSync(), 1e-6);
      });
    }
  });
});
