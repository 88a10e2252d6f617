/**
 * Wide residual network (arXiv 1605.07146) as a tf.LayersModel: a 3 x 3 convolution to 16 channels, three groups of (depth - 4) / 6
 * blocks with 16k, 32k and 64k channels, batch normalisation, ReLU, mean over the image, a dense layer of logits. A block is
 * x + conv(relu(bn(conv(relu(bn(x)))))), convolutions 3 x 3 without bias; the first block of the second and third group halves the
 * image. Where the width changes the shortcut is a 1 x 1 convolution of the first ReLU's output, else x itself.
 * Depth 28, width 2, ten classes: 1,467,610 parameters; depth 10, width 1: 77,850.
 */
import { input, layers, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Initializer } from '../undrawn';
import { heNormals } from './heNormal';
import { convolution, normalized, rectified } from './imageLayers';

export interface WideResNetSizes {
  /** 6 n + 4, with n blocks a group. */
  readonly depth: number;
  readonly width: number;
  readonly inputShape?: readonly [number, number, number];
  readonly classes?: number;
  readonly seed: number | null;
}

export function wideResNet({ depth, width, inputShape = [32, 32, 3], classes = 10, seed }: WideResNetSizes): LayersModel {
  if (!Number.isInteger((depth - 4) / 6) || depth < 10) throw new Error(`A wide residual network has 6 n + 4 layers: 10, 16, 22, 28 and so on, not ${depth}.`);
  const blocks = (depth - 4) / 6;
  const weights = heNormals(seed);
  const image = input({ shape: [...inputShape], name: 'image' });
  let x = convolution(image, 'stem', 16, 3, 1, weights());
  for (const [group, channels] of [16, 32, 64].entries()) {
    for (let block = 0; block < blocks; block++) {
      x = residualBlock(x, `group${group + 1}/block${block + 1}`, channels * width, block === 0 && group > 0 ? 2 : 1, weights);
    }
  }
  const features = layers.globalAveragePooling2d({ name: 'pool', dataFormat: 'channelsLast' }).apply(rectified(normalized(x, 'bn'), 'relu')) as SymbolicTensor;
  const logits = layers.dense({ name: 'logits', units: classes, kernelInitializer: heNormals(seed, 1, 1000)() }).apply(features) as SymbolicTensor;
  return model({ name: `wrn-${depth}-${width}`, inputs: image, outputs: logits });
}

function residualBlock(x: SymbolicTensor, name: string, channels: number, stride: number, weights: () => Initializer): SymbolicTensor {
  const first = rectified(normalized(x, `${name}/bn1`), `${name}/relu1`);
  const shortcut = x.shape.at(-1) === channels ? x : convolution(first, `${name}/shortcut`, channels, 1, stride, weights());
  const inner = rectified(normalized(convolution(first, `${name}/conv1`, channels, 3, stride, weights()), `${name}/bn2`), `${name}/relu2`);
  return layers.add({ name: `${name}/sum` }).apply([shortcut, convolution(inner, `${name}/conv2`, channels, 3, 1, weights())]) as SymbolicTensor;
}
