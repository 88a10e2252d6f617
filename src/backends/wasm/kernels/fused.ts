/**
 * A product or a convolution with a bias and an activation, as inference calls them: composed of our kernels. The stock ones keep
 * weights packed a second time, and refuse a bias that is not one number an output, and NCHW.
 */
import {
  Add, BatchMatMul, Conv2D, DepthwiseConv2dNative, Elu, FusedConv2D, FusedDepthwiseConv2D, LeakyRelu, Prelu, Relu, Relu6, Sigmoid, _FusedMatMul, tidy,
  type FusedConv2DAttrs, type FusedDepthwiseConv2DAttrs, type Tensor, type TensorInfo, type _FusedMatMulAttrs,
} from '@tensorflow/tfjs-core';
import { kernel } from '../kernel';
import { byChannel } from './channelsFirst';
import { run } from './engineKernels';

interface Epilogue {
  readonly bias?: TensorInfo;
  readonly preluActivationWeights?: TensorInfo;
}
type MatMulInputs = Record<'a' | 'b', TensorInfo>;
type ConvolutionInputs = Record<'x' | 'filter', TensorInfo>;

const activations: Readonly<Partial<Record<string, string>>> = { relu: Relu, relu6: Relu6, elu: Elu, sigmoid: Sigmoid, leakyrelu: LeakyRelu, prelu: Prelu };

export const fusedMatMul = kernel<MatMulInputs, _FusedMatMulAttrs>(_FusedMatMul, (_, inputs, { transposeA, transposeB, activation, leakyreluAlpha }) => (
  composed(() => run(BatchMatMul, { a: inputs.a, b: inputs.b }, { transposeA, transposeB }), inputs, activation, leakyreluAlpha)
));

export const fusedConv2d = kernel<ConvolutionInputs, FusedConv2DAttrs>(FusedConv2D, (_, inputs, { activation, leakyreluAlpha, ...attributes }) => (
  composed(() => run(Conv2D, { x: inputs.x, filter: inputs.filter }, attributes), inputs, activation, leakyreluAlpha, attributes.dataFormat === 'NCHW' ? byChannel : undefined)
));

/** The stock kernel is as good where it takes the bias. */
export const fusedDepthwiseConv2d = kernel<ConvolutionInputs, FusedDepthwiseConv2DAttrs>(FusedDepthwiseConv2D, (_, inputs, { activation, leakyreluAlpha, ...attributes }, stock) => {
  const { bias } = inputs as Epilogue;
  if (bias === undefined || bias.shape.length === 1 || attributes.dataFormat !== 'NHWC') return stock();
  return composed(() => run(DepthwiseConv2dNative, { x: inputs.x, filter: inputs.filter }, attributes), inputs, activation, leakyreluAlpha);
});

function composed(product: () => Tensor, inputs: object, activation: string, leakyreluAlpha: number | undefined, laidOut = (values: TensorInfo) => values): Tensor {
  const { bias, preluActivationWeights } = inputs as Epilogue;
  return tidy(() => {
    const sum = bias === undefined ? product() : run(Add, { a: product(), b: laidOut(bias) });
    const name = activations[activation];
    if (name === undefined) return sum;
    return run(name, { x: sum, ...(preluActivationWeights === undefined ? {} : { alpha: laidOut(preluActivationWeights) }) }, { alpha: leakyreluAlpha });
  });
}
