/**
 * Completes the wasm backend of TensorFlow.js 4.22 so that it can train:
 * - `Identity` shares the buffer; the stock kernel copies, which doubles every activation the tape keeps;
 * - `BatchMatMul` with a transposed operand transposes it first; the stock kernel leaves XNNPACK and is 8 times slower;
 * - `Conv2DBackpropFilter` is missing;
 * - `Conv2DBackpropInput` with stride 1 is a convolution with the flipped filter; the stock kernel is a plain loop.
 */
import {
  backend_util, engine, getKernel, registerKernel, tidy, unregisterKernel,
  type KernelFunc, type NamedAttrMap, type Tensor, type TensorInfo,
} from '@tensorflow/tfjs-core';

type Shape4D = [number, number, number, number];
interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dataFormat?: 'NHWC' | 'NCHW';
}

let completed = false;

export function completeWasmKernels(): void {
  if (completed) return;
  completed = true;
  const stockMatMul = stock('BatchMatMul');
  const stockInputGradient = stock('Conv2DBackpropInput');
  replace('Identity', ({ inputs, backend }) => {
    const { x } = inputs as { x: TensorInfo };
    (backend as { incRef(dataId: object): void }).incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  });
  replace('BatchMatMul', args => {
    const { a, b } = args.inputs as { a: TensorInfo; b: TensorInfo };
    const { transposeA, transposeB } = args.attrs as { transposeA: boolean; transposeB: boolean };
    if (!transposeA && !transposeB) return stockMatMul(args);
    return tidy(() => run('BatchMatMul', { a: transposeA ? swapLast(a) : a, b: transposeB ? swapLast(b) : b }, { transposeA: false, transposeB: false }));
  });
  replace('Conv2DBackpropFilter', ({ inputs, attrs }) => tidy(() => filterGradient(inputs as { x: TensorInfo; dy: TensorInfo }, attrs as unknown as ConvolutionAttributes & { filterShape: Shape4D })));
  replace('Conv2DBackpropInput', args => {
    const attributes = args.attrs as unknown as ConvolutionAttributes & { inputShape: Shape4D };
    return isUnitStride(attributes.strides) ? tidy(() => inputGradient(args.inputs as { dy: TensorInfo; filter: TensorInfo }, attributes)) : stockInputGradient(args);
  });
}

function stock(kernelName: string): KernelFunc {
  return getKernel(kernelName, 'wasm').kernelFunc;
}

function replace(kernelName: string, kernelFunc: KernelFunc): void {
  const before = getKernel(kernelName, 'wasm') as ReturnType<typeof getKernel> | undefined;
  if (before) unregisterKernel(kernelName, 'wasm');
  // The stock set-up prepares the wasm functions that the stock kernel goes on using.
  registerKernel({ ...before, kernelName, backendName: 'wasm', kernelFunc });
}

function run(kernelName: string, inputs: Record<string, TensorInfo>, attributes: object): Tensor {
  // The engine takes any TensorInfo; its types say Tensor.
  return engine().runKernel(kernelName, inputs as never, attributes as NamedAttrMap);
}

function swapLast(x: TensorInfo): Tensor {
  const rank = x.shape.length;
  return transpose(x, x.shape.map((_, axis) => axis === rank - 1 ? rank - 2 : axis === rank - 2 ? rank - 1 : axis));
}

function transpose(x: TensorInfo, perm: number[]): Tensor {
  return run('Transpose', { x }, { perm });
}

function isUnitStride(strides: number | [number, number]): boolean {
  return [strides].flat().every(stride => stride === 1);
}

/**
 * dW[i, j, c, f] = sum over batch, y, x of padded[n, y s + i, x s + j, c] dy[n, y, x, f]: a convolution in which the batch
 * plays the channels, dy the filter, and the stride the dilation. x [n, h, w, c], dy [n, h', w', f] to [kh, kw, c, f].
 */
function filterGradient({ x, dy }: { x: TensorInfo; dy: TensorInfo }, { strides, pad, dimRoundingMode, dataFormat, filterShape }: ConvolutionAttributes & { filterShape: Shape4D }): Tensor {
  const { padInfo, strideHeight, strideWidth, inHeight, inWidth, outHeight, outWidth } = convolutionInfo(x.shape as Shape4D, filterShape, strides, pad, dimRoundingMode, dataFormat);
  const [filterHeight, filterWidth, channels, filters] = filterShape;
  const below = Math.max(0, (outHeight - 1) * strideHeight + filterHeight - padInfo.top - inHeight);
  const right = Math.max(0, (outWidth - 1) * strideWidth + filterWidth - padInfo.left - inWidth);
  const padded = tidy(() => transpose(run('PadV2', { x }, { paddings: [[0, 0], [padInfo.top, below], [padInfo.left, right], [0, 0]], constantValue: 0 }), [3, 1, 2, 0]));
  const gradient = run('Conv2D', { x: padded, filter: transpose(dy, [1, 2, 0, 3]) }, {
    strides: [1, 1], pad: 'valid', dataFormat: 'NHWC', dilations: [strideHeight, strideWidth],
  });
  // A stride that does not reach the last rows leaves more positions than the filter has.
  const exact = run('Slice', { x: gradient }, { begin: [0, 0, 0, 0], size: [channels, filterHeight, filterWidth, filters] });
  return transpose(exact, [1, 2, 0, 3]);
}

/** dx = convolution of the padded dy with the filter turned by 180 degrees, its channels and filters exchanged. Stride 1. */
function inputGradient({ dy, filter }: { dy: TensorInfo; filter: TensorInfo }, { strides, pad, dimRoundingMode, dataFormat, inputShape }: ConvolutionAttributes & { inputShape: Shape4D }): Tensor {
  const filterShape = filter.shape as Shape4D;
  const { padInfo, outHeight, outWidth } = convolutionInfo(inputShape, filterShape, strides, pad, dimRoundingMode, dataFormat);
  const [filterHeight, filterWidth] = filterShape;
  const [, inHeight, inWidth] = inputShape;
  const top = filterHeight - 1 - padInfo.top;
  const left = filterWidth - 1 - padInfo.left;
  const paddings = [[0, 0], [top, inHeight + filterHeight - 1 - outHeight - top], [left, inWidth + filterWidth - 1 - outWidth - left], [0, 0]];
  const turned = transpose(run('Reverse', { x: filter }, { dims: [0, 1] }), [0, 1, 3, 2]);
  return run('Conv2D', { x: run('PadV2', { x: dy }, { paddings, constantValue: 0 }), filter: turned }, { strides: [1, 1], pad: 'valid', dataFormat: 'NHWC', dilations: [1, 1] });
}

function convolutionInfo(inputShape: Shape4D, filterShape: Shape4D, strides: number | [number, number], pad: 'same' | 'valid' | number, dimRoundingMode?: 'floor' | 'round' | 'ceil', dataFormat: 'NHWC' | 'NCHW' = 'NHWC'): ReturnType<typeof backend_util.computeConv2DInfo> {
  return backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, dimRoundingMode, false, backend_util.convertConv2DDataFormat(dataFormat));
}
