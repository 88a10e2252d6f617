/** The models of the presets, for 28 by 28 grey images in ten classes. */
import { chain } from './chain';
import { convolution, dense, flatten, maxPooling } from './chainLayers';
import type { Model } from './model';

const makers = {
  // 235,146 parameters.
  mlp: () => chain('mlp', [784], [dense('dense1', 784, 256, 'relu'), dense('dense2', 256, 128, 'relu'), dense('logits', 128, 10, 'linear')]),
  // 52,138 parameters.
  convnet: () => chain('convnet', [28, 28, 1], [
    convolution('conv1', 1, 8, 3), maxPooling('pool1', 2),
    convolution('conv2', 8, 16, 3), maxPooling('pool2', 2),
    flatten('flatten'), dense('dense', 784, 64, 'relu'), dense('logits', 64, 10, 'linear'),
  ]),
} satisfies Record<string, () => Model>;

export function builtInModel(name: keyof typeof makers): Model {
  return makers[name]();
}
