/**
 * Residual network for small images (arXiv 1512.03385, section 4.2) as a tf.LayersModel: a 3 x 3 convolution, three stages of
 * (depth - 2) / 6 blocks with 16, 32 and 64 channels, mean over the image, a dense layer of logits. A block is
 * relu(bn(conv(relu(bn(conv(x))))) + shortcut), convolutions without bias. Each stage but the first halves the image; its first shortcut
 * is a 1 x 1 convolution with batch normalisation (the paper's option B), all others are x itself.
 * Depth 20, ten classes: 272,474 parameters, of which the shortcuts' normalisation has 192.
 */
import { input, layers, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Initializer } from '../undrawn';
import { heNormals } from './heNormal';
import { convolution, normalized, rectified } from './imageLayers';

export interface ResNetSizes {
  /** 6 n + 2, with n blocks a stage. */
  readonly depth: number;
  readonly inputShape?: readonly [number, number, number];
  readonly classes?: number;
  readonly seed: number | null;
}

export function resNet({ depth, inputShape = [32, 32, 3], classes = 10, seed }: ResNetSizes): LayersModel {
  if (!Number.isInteger((depth - 2) / 6) || depth < 8) throw new Error(`A residual network for small images has 6 n + 2 layers: 8, 14, 20 and so on, not ${depth}.`);
  const weights = heNormals(seed);
  const image = input({ shape: [...inputShape], name: 'image' });
  let x = rectified(normalized(convolution(image, 'stem', 16, 3, 1, weights()), 'stem/bn'), 'stem/relu');
  for (const [stage, channels] of [16, 32, 64].entries()) {
    for (let block = 0; block < (depth - 2) / 6; block++) {
      x = residualBlock(x, `stage${stage + 1}/block${block + 1}`, channels, block === 0 && stage > 0 ? 2 : 1, weights);
    }
  }
  const features = layers.globalAveragePooling2d({ name: 'pool', dataFormat: 'channelsLast' }).apply(x) as SymbolicTensor;
  const logits = layers.dense({ name: 'logits', units: classes, kernelInitializer: heNormals(seed, 1, 1000)() }).apply(features) as SymbolicTensor;
  return model({ name: `resnet${depth}`, inputs: image, outputs: logits });
}

function residualBlock(x: SymbolicTensor, name: string, channels: number, stride: number, weights: () => Initializer): SymbolicTensor {
  const first = rectified(normalized(convolution(x, `${name}/conv1`, channels, 3, stride, weights()), `${name}/bn1`), `${name}/relu1`);
  const second = normalized(convolution(first, `${name}/conv2`, channels, 3, 1, weights()), `${name}/bn2`);
  const shortcut = x.shape.at(-1) === channels ? x : normalized(convolution(x, `${name}/shortcut`, channels, 1, stride, weights()), `${name}/shortcut/bn`);
  return rectified(layers.add({ name: `${name}/sum` }).apply([second, shortcut]) as SymbolicTensor, `${name}/relu2`);
}
