import { add, clone, conv2d, depthwiseConv2d, matMul, relu, reshape, type Rank, type Tensor, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { convolution, type ConvolutionOptions } from '../../../../src/models/operations/convolution';
import { dense } from '../../../../src/models/operations/dense';
import { depthwiseConvolution } from '../../../../src/models/operations/depthwiseConvolution';
import { asDilated, ofDilated } from '../../../../src/models/operations/dilatedFilter';
import { onWeights } from '../../../../src/models/operations/onWeights';
import { agreesWithStock, numbers, type Values } from '../../../support/compareOperation';

/** Which weights are trained; the others are buffers. */
function divided(weights: readonly Values[], trained: readonly boolean[]) {
  return { parameters: weights.filter((_, index) => trained[index]), buffers: weights.filter((_, index) => !trained[index]) };
}

function merged(trained: readonly boolean[], parameters: readonly Tensor[], buffers: readonly Tensor[]): Tensor[] {
  const [nextParameter, nextBuffer] = [parameters.values(), buffers.values()];
  return trained.map(isTrained => (isTrained ? nextParameter : nextBuffer).next().value as Tensor);
}

const finish = (y: Tensor, bias: Tensor | undefined, hasRelu: boolean) => {
  const sum = bias === undefined ? y : add(y, bias);
  return hasRelu ? relu(sum) : sum;
};

describe('models: products, their gradients beside TensorFlow.js\'s own', () => {
  const images = fc.record({
    batch: fc.integer({ min: 1, max: 3 }), height: fc.integer({ min: 3, max: 7 }), width: fc.integer({ min: 3, max: 7 }), channels: fc.integer({ min: 1, max: 4 }), filters: fc.integer({ min: 1, max: 5 }),
    rows: fc.integer({ min: 1, max: 3 }), columns: fc.integer({ min: 1, max: 3 }), strides: fc.constantFrom<[number, number][]>([1, 1], [2, 2], [1, 2]), pad: fc.constantFrom('same', 'valid'),
    hasBias: fc.boolean(), relu: fc.boolean(), isFilterTrained: fc.boolean(), isBiasTrained: fc.boolean(),
  });
  type Image = typeof images extends fc.Arbitrary<infer Case> ? Case : never;
  const comparison = (kind: typeof convolution, stock: (x: Tensor4D, filter: Tensor4D, strides: [number, number], pad: 'same' | 'valid') => Tensor4D, outputs: (image: Image) => number, filterDepth: (image: Image) => number) => (image: Image) => {
    const { batch, height, width, channels, rows, columns, strides, pad, hasBias, relu: hasRelu } = image;
    const options: ConvolutionOptions = { strides, pad, dilations: [1, 1], hasBias, relu: hasRelu };
    const weights = [numbers([rows, columns, channels, filterDepth(image)], 2), ...(hasBias ? [numbers([outputs(image)], 3)] : [])];
    const trained = [image.isFilterTrained, ...(hasBias ? [image.isBiasTrained] : [])];
    return {
      operation: onWeights(kind(options), weights.map(({ shape }) => shape), trained),
      inputs: [numbers([batch, height, width, channels], 1)], ...divided(weights, trained),
      stock: ([x]: readonly Tensor[], parameters: readonly Tensor[], buffers: readonly Tensor[]) => {
        const [filter, bias] = merged(trained, parameters, buffers);
        return finish(stock(x as Tensor4D, filter as Tensor4D, strides, pad), bias, hasRelu);
      },
    };
  };
  it('convolution', agreesWithStock(images, comparison(convolution, conv2d, ({ filters }) => filters, ({ filters }) => filters), { runs: 60 }));
  it('depthwise convolution', agreesWithStock(images.filter(({ strides: [a, b] }) => a === b), comparison(depthwiseConvolution, depthwiseConv2d, ({ channels }) => 2 * channels, () => 2), { runs: 40 }));

  // TensorFlow.js has no gradient of a convolution with taps apart, but one of a convolution with zeros between them.
  const dilated = fc.record({ rowDilation: fc.integer({ min: 1, max: 3 }), columnDilation: fc.integer({ min: 1, max: 2 }), pad: fc.constantFrom('same', 'valid'), rows: fc.constantFrom(1, 2, 3), hasBias: fc.boolean() });
  for (const [name, kind, stock, depth] of [['convolution', convolution, conv2d, 3], ['depthwise convolution', depthwiseConvolution, depthwiseConv2d, 2]] as const) {
    it(`${name} with taps apart`, agreesWithStock(dilated, ({ rowDilation, columnDilation, pad, rows, hasBias }) => {
      const outputs = name === 'convolution' ? 3 : 4;
      const dilations = [rowDilation, columnDilation] as const;
      return {
        operation: onWeights(kind({ strides: [1, 1], pad, dilations, hasBias, relu: true }), [[rows, 2, 2, depth], ...(hasBias ? [[outputs]] : [])]),
        inputs: [numbers([2, 8, 7, 2], 4)], parameters: [numbers([rows, 2, 2, depth], 5), ...(hasBias ? [numbers([outputs], 6)] : [])],
        stock: ([x], [filter, bias]) => finish(stock(x as Tensor4D, asDilated(filter!, dilations) as Tensor4D, 1, pad), bias, true),
      };
    }, { runs: 20 }));
  }

  it('a filter with zeros between its taps gives the taps back', agreesWithStock(fc.record({ rows: fc.integer({ min: 1, max: 4 }), columns: fc.integer({ min: 1, max: 4 }), rowDilation: fc.integer({ min: 1, max: 3 }), columnDilation: fc.integer({ min: 1, max: 3 }) }), ({ rows, columns, rowDilation, columnDilation }) => ({
    operation: {
      keeps: { inputs: [], output: false, extras: false },
      forward: ([filter]) => {
        const apart = asDilated(filter!, [rowDilation, columnDilation]);
        assert.deepEqual(apart.shape, [(rows - 1) * rowDilation + 1, (columns - 1) * columnDilation + 1, 2, 3]);
        return { output: clone(ofDilated(apart, [rowDilation, columnDilation])) };
      },
      backward: dy => ({ inputs: [dy], parameters: [] }),
    },
    inputs: [numbers([rows, columns, 2, 3], 7)],
    stock: ([filter]) => reshape(filter!, filter!.shape),
  })));

  const matrices = fc.record({ leading: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }), depth: fc.integer({ min: 1, max: 9 }), units: fc.integer({ min: 1, max: 6 }), hasBias: fc.boolean(), hasRelu: fc.boolean(), isKernelTrained: fc.boolean(), isBiasTrained: fc.boolean() });
  it('dense', agreesWithStock(matrices, ({ leading, depth, units, hasBias, hasRelu, isKernelTrained, isBiasTrained }) => {
    const weights = [numbers([depth, units], 8), ...(hasBias ? [numbers([units], 9)] : [])];
    const trained = [isKernelTrained, ...(hasBias ? [isBiasTrained] : [])];
    return {
      operation: onWeights(dense({ hasBias, relu: hasRelu }), weights.map(({ shape }) => shape), trained),
      inputs: [numbers([...leading, depth], 10)], ...divided(weights, trained),
      stock: ([x], parameters, buffers) => {
        const [kernel, bias] = merged(trained, parameters, buffers);
        return finish(reshape(matMul(reshape<Rank.R2>(x!, [-1, depth]), kernel as Tensor2D), [...leading, units]), bias, hasRelu);
      },
    };
  }, { runs: 60 }));
});
