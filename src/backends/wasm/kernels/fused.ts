/**
 * A product or a convolution with a bias and an activation, composed of our kernels: bias, ReLU and ReLU6 where the product lies, so
 * that one buffer is held. The stock ones keep weights packed a second time, and refuse a bias that is not one number an output, and NCHW.
 */
import {
  Add, BatchMatMul, Conv2D, DepthwiseConv2dNative, Elu, FusedConv2D, FusedDepthwiseConv2D, LeakyRelu, Prelu, Relu, Relu6, Sigmoid, _FusedMatMul, broadcast_util, tidy, util,
  type FusedConv2DAttrs, type FusedDepthwiseConv2DAttrs, type Tensor, type TensorInfo, type _FusedMatMulAttrs,
} from '@tensorflow/tfjs-core';
import type { Heap } from '../heap';
import { kernel } from '../kernel';
import { addInPlace } from './binary';
import { byChannel } from './channelsFirst';
import { run } from './engineKernels';

interface Epilogue {
  readonly bias?: TensorInfo;
  readonly preluActivationWeights?: TensorInfo;
}
type MatMulInputs = Record<'a' | 'b', TensorInfo>;
type ConvolutionInputs = Record<'x' | 'filter', TensorInfo>;

const activations: Readonly<Partial<Record<string, string>>> = { relu: Relu, relu6: Relu6, elu: Elu, sigmoid: Sigmoid, leakyrelu: LeakyRelu, prelu: Prelu };

export const fusedMatMul = kernel<MatMulInputs, _FusedMatMulAttrs>(_FusedMatMul, (heap, inputs, { transposeA, transposeB, activation, leakyreluAlpha }) => (
  composed(heap, () => run(BatchMatMul, { a: inputs.a, b: inputs.b }, { transposeA, transposeB }), inputs, activation, leakyreluAlpha)
));

export const fusedConv2d = kernel<ConvolutionInputs, FusedConv2DAttrs>(FusedConv2D, (heap, inputs, { activation, leakyreluAlpha, ...attributes }) => (
  composed(heap, () => run(Conv2D, { x: inputs.x, filter: inputs.filter }, attributes), inputs, activation, leakyreluAlpha, attributes.dataFormat === 'NCHW' ? byChannel : undefined)
));

/** The stock kernel is as good where it takes the bias. */
export const fusedDepthwiseConv2d = kernel<ConvolutionInputs, FusedDepthwiseConv2DAttrs>(FusedDepthwiseConv2D, (heap, inputs, { activation, leakyreluAlpha, ...attributes }, stock) => {
  const { bias } = inputs as Epilogue;
  if (bias === undefined || bias.shape.length === 1 || attributes.dataFormat !== 'NHWC') return stock();
  return composed(heap, () => run(DepthwiseConv2dNative, { x: inputs.x, filter: inputs.filter }, attributes), inputs, activation, leakyreluAlpha);
});

/** The least and the largest value that these let pass; what is no number stays none. */
const clips: Readonly<Partial<Record<string, readonly [number, number]>>> = { relu: [0, Infinity], relu6: [0, 6] };

function composed(heap: Heap, product: () => Tensor, inputs: object, activation: string, leakyreluAlpha: number | undefined, laidOut = (values: TensorInfo) => values): Tensor {
  const { bias, preluActivationWeights } = inputs as Epilogue;
  return tidy(() => {
    const sum = bias === undefined ? product() : withBias(heap, product(), laidOut(bias));
    const size = util.sizeFromShape(sum.shape);
    const clip = clips[activation];
    if (clip !== undefined && sum.dtype === 'float32' && size > 0) {
      heap.kernels.clip(heap.address(sum), heap.address(sum), size, ...clip);
      return sum;
    }
    const name = activations[activation];
    if (name === undefined) return sum;
    return run(name, { x: sum, ...(preluActivationWeights === undefined ? {} : { alpha: laidOut(preluActivationWeights) }) }, { alpha: leakyreluAlpha });
  });
}

/** `product` was made just now and has no other handle. */
function withBias(heap: Heap, product: Tensor, bias: TensorInfo): Tensor {
  const fits = util.arraysEqual(broadcast_util.assertAndGetBroadcastShape(product.shape, bias.shape), product.shape);
  if (!fits || product.dtype !== 'float32' || bias.dtype !== 'float32' || product.size === 0) return run(Add, { a: product, b: bias });
  addInPlace(heap, product, bias);
  return product;
}
