import assert from 'node:assert/strict';
import { setBackend, tensor, tidy } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { loadBackend } from '../../../src/backends/loadBackend';
import { Ledger } from '../../../src/memory/ledger';
import type { Layer } from '../../../src/models/chain';
import { convolution, dense } from '../../../src/models/chainLayers';
import { sumBytes } from '../../../src/protocol/samples';
import { assets } from '../../support/assets';
import { agrees, integers, run, sizes, special } from './oracle';

const activations = fc.constantFrom('linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu');
const leakyreluAlpha = 0.25;

describe('backends: products with bias and activation of the completed wasm backend against the cpu oracle', () => {
  const products = fc.record({ batch: fc.integer({ min: 1, max: 3 }), rows: fc.nat(5), depth: fc.nat(9), columns: fc.nat(11), hasBias: fc.boolean(), activation: activations, transposeA: fc.boolean(), transposeB: fc.boolean(), special });
  it('_FusedMatMul', agrees(products, ({ batch, rows, depth, columns, transposeA, transposeB, special: value }) => [
    integers(transposeA ? [batch, depth, rows] : [batch, rows, depth], 1, value), integers(transposeB ? [batch, columns, depth] : [batch, depth, columns], 2), integers([columns], 3), integers([columns], 4),
  ], ([a, b, bias, alpha], { hasBias, activation, transposeA, transposeB }) => run('_FusedMatMul', {
    a, b, ...(hasBias ? { bias } : {}), ...(activation === 'prelu' ? { preluActivationWeights: alpha } : {}),
  }, { transposeA, transposeB, activation, leakyreluAlpha }), { runs: 150, relative: 1e-6, absolute: 1e-6 }));

  const images = fc.record({
    batch: fc.integer({ min: 1, max: 2 }), height: fc.integer({ min: 3, max: 8 }), width: fc.integer({ min: 3, max: 8 }), channels: fc.integer({ min: 1, max: 5 }), filters: fc.integer({ min: 1, max: 9 }),
    size: fc.constantFrom(1, 2, 3), stride: fc.constantFrom(1, 2), pad: fc.constantFrom('same', 'valid'), hasBias: fc.boolean(), activation: activations,
  });
  type Image = typeof images extends fc.Arbitrary<infer Case> ? Case : never;
  const inputsOf = (depthOfFilter: (image: Image) => number, outputs: (image: Image) => number) => (image: Image) => [
    integers([image.batch, image.height, image.width, image.channels], 5), integers([image.size, image.size, image.channels, depthOfFilter(image)], 6), integers([outputs(image)], 7), integers([outputs(image)], 8),
  ];
  for (const [name, inputs] of [
    ['FusedConv2D', inputsOf(({ filters }) => filters, ({ filters }) => filters)],
    ['FusedDepthwiseConv2D', inputsOf(() => 2, ({ channels }) => 2 * channels)],
  ] as const) {
    it(name, agrees(images, inputs, ([x, filter, bias, alpha], { stride, pad, hasBias, activation }) => run(name, {
      x, filter, ...(hasBias ? { bias } : {}), ...(activation === 'prelu' ? { preluActivationWeights: alpha } : {}),
    }, { strides: [stride, stride], pad, dataFormat: 'NHWC', dilations: [1, 1], dimRoundingMode: null, activation, leakyreluAlpha }), { runs: 100, relative: 1e-6, absolute: 1e-6 }));
  }

  it('Prelu with a slope that broadcasts', agrees(fc.record({ shape: sizes(1, 4, 4), isWhole: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }) }), ({ shape, isWhole }) => [
    integers(shape, 9), integers(shape.map((size, i) => isWhole[i] ? size : 1), 10),
  ], ([x, alpha]) => run('Prelu', { x, alpha })));

  // The oracle makes a number of what is none; that ours does not is tested below.
  it('ClipByValue', agrees(fc.record({ shape: sizes(0, 3, 9), least: fc.integer({ min: -9, max: 0 }), most: fc.integer({ min: 0, max: 9 }) }), ({ shape }) => [integers(shape, 11)],
    ([x], { least, most }) => run('ClipByValue', { x }, { clipValueMin: least, clipValueMax: most })));

  it('ClipByValue and ReLU leave what is no number as it is', async () => {
    await loadBackend('wasm', { assets });
    tidy(() => {
      const x = tensor([NaN, -1, NaN, 2, NaN], [1, 1, 5]);
      const identity = tensor([1], [1, 1, 1]);
      assert.deepEqual([...run('ClipByValue', { x }, { clipValueMin: 0, clipValueMax: 1 }).dataSync()], [NaN, 0, NaN, 1, NaN]);
      assert.deepEqual([...run('_FusedMatMul', { a: identity, b: x }, { transposeA: false, transposeB: false, activation: 'relu' }).dataSync()], [NaN, 0, NaN, 2, NaN]);
    });
  });

  it('the layers of the product hold their output and nothing else', async () => {
    await loadBackend('wasm', { assets });
    await setBackend('wasm');
    const ledger = new Ledger();
    const zerosOf = (shape: readonly number[]) => tensor(new Float32Array(shape.reduce((size, length) => size * length, 1)), [...shape]);
    const layers: [Layer, number[], number][] = [
      [dense('relu', 100, 30, 'relu'), [64, 100], 64 * 30], [dense('linear', 100, 30, 'linear'), [64, 100], 64 * 30],
      [convolution('convolution', 1, 30, 3), [2, 20, 20, 1], 2 * 20 * 20 * 30],
    ];
    try {
      for (const [{ name, parameters, operation }, inputShape, outputs] of layers) {
        tidy(() => {
          const [input, weights] = [zerosOf(inputShape), parameters.map(({ shape }) => zerosOf(shape))];
          const before = sumBytes(ledger.live());
          ledger.takePeak();
          operation.forward([input], weights, { training: true, seed: 1, slices: 1, buffers: [], forgetful: false });
          assert.equal(ledger.takePeak().peakBytes - before, 4 * outputs, name);
        });
      }
    } finally {
      ledger.stop();
    }
  });
});
