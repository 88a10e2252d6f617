import assert from 'node:assert/strict';
import { backend_util, engine, pad, reshape, slice, stridedSlice, type Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { fitsWinograd } from '../../../src/backends/wasm/kernels/winograd';
import { agrees, integers, special } from './oracle';

type Shape4D = [number, number, number, number];
type Pad = 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];

interface Convolution {
  readonly shape: Shape4D;
  readonly filter: Shape4D;
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad: Pad;
  readonly special: number | undefined;
}

const upTo = (most: number) => fc.integer({ min: 1, max: most });
const pads: fc.Arbitrary<Pad> = fc.oneof(
  fc.constantFrom<Pad>('same', 'valid', 1, 2),
  fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3)).map(([top, bottom, left, right]): Pad => [[0, 0], [top, bottom], [left, right], [0, 0]]),
);

function convolutions(isDepthwise = false): fc.Arbitrary<Convolution> {
  const pair = (most: number) => fc.tuple(upTo(most), upTo(most));
  return fc.record({
    shape: fc.tuple(fc.nat(3), upTo(12), upTo(21), upTo(10)),
    filter: fc.tuple(upTo(5), upTo(5), fc.constant(0), isDepthwise ? upTo(3) : upTo(18)),
    strides: pair(3), dilations: pair(3), pad: pads, special,
  }).map(({ shape, filter: [height, width, , outputs], ...rest }): Convolution => ({ ...rest, shape, filter: [height, width, shape[3], outputs] })).filter(convolution => {
    // The engine refuses strides together with dilations. Infinity meets zeros between the taps in the oracle only.
    if (convolution.special !== undefined && Math.max(...convolution.dilations) > 1) return false;
    if (Math.max(...convolution.strides) > 1 && Math.max(...convolution.dilations) > 1) return false;
    const { outHeight, outWidth } = info(convolution, isDepthwise);
    return outHeight > 0 && outWidth > 0;
  });
}

/** Those that fewer products do for. */
const winograd: fc.Arbitrary<Convolution> = fc.record({
  batch: upTo(3), height: fc.integer({ min: 3, max: 13 }), width: fc.integer({ min: 5, max: 26 }), channels: fc.constantFrom(8, 12, 13, 16), outputs: fc.constantFrom(8, 11, 16, 24),
  pad: fc.oneof(fc.constantFrom<Pad>('same', 'valid', 1, 2), fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)).map(([top, bottom, left, right]): Pad => [[0, 0], [top, bottom], [left, right], [0, 0]])), special,
}).map(({ batch, height, width, channels, outputs, ...rest }): Convolution => ({ ...rest, shape: [batch, height, width, channels], filter: [3, 3, channels, outputs], strides: [1, 1], dilations: [1, 1] }));

function info({ shape, filter, strides, dilations, pad: padding }: Convolution, isDepthwise = false): ReturnType<typeof backend_util.computeConv2DInfo> {
  return backend_util.computeConv2DInfo(shape, filter, strides, dilations, padding, 'floor', isDepthwise);
}

function run(kernelName: string, inputs: Record<string, Tensor | undefined>, { strides, pad: padding, dilations }: Convolution, more: object = {}): Tensor {
  return engine().runKernel(kernelName, inputs as never, { strides, pad: padding, dilations, dataFormat: 'NHWC', dimRoundingMode: 'floor', ...more });
}

/** The oracle's gradients know no dilation: it gets the filter with zeros between the taps. */
const isOracle = () => engine().backendName === 'cpu';
const spreadShape = ({ filter: [height, width, channels, outputs], dilations }: Convolution): Shape4D => [(height - 1) * dilations[0] + 1, (width - 1) * dilations[1] + 1, channels, outputs];

function inputGradient(kernelName: string, dy: Tensor, filter: Tensor, convolution: Convolution): Tensor {
  const attributes = { inputShape: convolution.shape };
  if (!isOracle()) return run(kernelName, { dy, filter }, convolution, attributes);
  const { filter: [height, width, channels, outputs], dilations: [down, across] } = convolution;
  const apart = pad(reshape(filter, [height, 1, width, 1, channels * outputs]), [[0, 0], [0, down - 1], [0, 0], [0, across - 1], [0, 0]]);
  const spread = slice(reshape(apart, [height * down, width * across, channels, outputs]), 0, spreadShape(convolution));
  return run(kernelName, { dy, filter: spread }, { ...convolution, dilations: [1, 1] }, attributes);
}

function filterGradient(kernelName: string, x: Tensor, dy: Tensor, convolution: Convolution): Tensor {
  if (!isOracle()) return run(kernelName, { x, dy }, convolution, { filterShape: convolution.filter });
  const spread = run(kernelName, { x, dy }, { ...convolution, dilations: [1, 1] }, { filterShape: spreadShape(convolution) });
  return stridedSlice(spread, [0, 0, 0, 0], spread.shape, [...convolution.dilations, 1, 1]);
}

describe('backends: convolutions of the completed wasm backend against the cpu oracle', () => {
  it('Conv2D, the special value among the inputs', agrees(convolutions(), ({ shape, filter, special: value }) => [integers(shape, 1, value), integers(filter, 2)], ([x, filter], convolution) => run('Conv2D', { x, filter }, convolution)));

  it('Conv2D, the special value among the weights', agrees(convolutions(), ({ shape, filter, special: value }) => [integers(shape, 1), integers(filter, 2, value)], ([x, filter], convolution) => run('Conv2D', { x, filter }, convolution)));

  for (const [kernelName, isDepthwise] of [['Conv2DBackpropInput', false], ['DepthwiseConv2dNativeBackpropInput', true]] as const) {
    it(kernelName, agrees(
      convolutions(isDepthwise), convolution => [integers(info(convolution, isDepthwise).outShape, 3, convolution.special), integers(convolution.filter, 4)],
      ([dy, filter], convolution) => inputGradient(kernelName, dy!, filter!, convolution), { runs: 150 },
    ));
  }

  it('Conv2DBackpropInput, the special value among the weights', agrees(
    convolutions(), convolution => [integers(info(convolution).outShape, 3), integers(convolution.filter, 4, convolution.special)],
    ([dy, filter], convolution) => inputGradient('Conv2DBackpropInput', dy!, filter!, convolution),
  ));

  for (const [kernelName, isDepthwise] of [['Conv2DBackpropFilter', false], ['DepthwiseConv2dNativeBackpropFilter', true]] as const) {
    it(kernelName, agrees(
      convolutions(isDepthwise), convolution => [integers(convolution.shape, 5, convolution.special), integers(info(convolution, isDepthwise).outShape, 6)],
      ([x, dy], convolution) => filterGradient(kernelName, x!, dy!, convolution), { runs: 150 },
    ));
  }

  it('Conv2D of 3 x 3, the special value anywhere', agrees(winograd, ({ shape, filter, special: value }) => [integers(shape, 7, value), integers(filter, 8)], ([x, filter], convolution) => run('Conv2D', { x, filter }, convolution), { runs: 80 }));

  it('Conv2DBackpropInput of 3 x 3, the special value anywhere', agrees(
    winograd, convolution => [integers(info(convolution).outShape, 9, convolution.special), integers(convolution.filter, 10)],
    ([dy, filter], convolution) => inputGradient('Conv2DBackpropInput', dy!, filter!, convolution), { runs: 80 },
  ));

  it('takes many of these by fewer products, odd sizes among them', () => {
    const taken = fc.sample(winograd, { seed: 4, numRuns: 100 }).map(convolution => info(convolution)).filter(shape => fitsWinograd(shape, false));
    assert.ok(taken.length > 40 && taken.some(({ outHeight, outWidth }) => outHeight % 2 === 1 && outWidth % 2 === 1), `${taken.length} of 100`);
  });

  it('Conv2DBackpropFilter of 3 x 3, the special value anywhere', agrees(
    winograd, convolution => [integers(convolution.shape, 11, convolution.special), integers(info(convolution).outShape, 12)],
    ([x, dy], convolution) => filterGradient('Conv2DBackpropFilter', x!, dy!, convolution), { runs: 80 },
  ));
});
