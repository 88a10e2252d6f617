/** The layout NCHW, which no kernel here knows: tensors are transposed to NHWC and back. */
import { Conv2D, Conv2DBackpropFilter, Conv2DBackpropInput, Reshape, Transpose, tidy, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import type { ConvolutionAttributes } from './convolutionShape';
import { run } from './engineKernels';

type Attributes = ConvolutionAttributes & { readonly inputShape?: readonly number[] };

const channelsLastOf = (x: TensorInfo) => run(Transpose, { x }, { perm: [0, 2, 3, 1] });
const channelsFirstOf = (x: TensorInfo) => run(Transpose, { x }, { perm: [0, 3, 1, 2] });
const lastShape = ([batch = 1, channels = 1, height = 1, width = 1]: readonly number[]) => [batch, height, width, channels];

export function conv2dChannelsFirst(x: TensorInfo, filter: TensorInfo, attributes: Attributes): Tensor {
  return tidy(() => channelsFirstOf(run(Conv2D, { x: channelsLastOf(x), filter }, channelsLast(attributes))));
}

export function inputGradientChannelsFirst(dy: TensorInfo, filter: TensorInfo, attributes: Attributes): Tensor {
  return tidy(() => channelsFirstOf(run(Conv2DBackpropInput, { dy: channelsLastOf(dy), filter }, { ...channelsLast(attributes), inputShape: lastShape(attributes.inputShape ?? []) })));
}

export function filterGradientChannelsFirst(x: TensorInfo, dy: TensorInfo, attributes: Attributes): Tensor {
  return tidy(() => run(Conv2DBackpropFilter, { x: channelsLastOf(x), dy: channelsLastOf(dy) }, channelsLast(attributes)));
}

/** One number a channel, for broadcasting to NCHW. */
export function byChannel(values: TensorInfo): TensorInfo {
  return values.shape.length === 1 && values.shape[0] !== 1 ? run(Reshape, { x: values }, { shape: [values.shape[0], 1, 1] }) : values;
}

function channelsLast({ pad, ...rest }: Attributes): Attributes {
  return { ...rest, dataFormat: 'NHWC', pad: typeof pad === 'object' ? [pad[0], pad[2], pad[3], pad[1]] : pad };
}
