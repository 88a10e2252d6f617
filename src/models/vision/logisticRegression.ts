/** Multinomial logistic regression as a tf.LayersModel: logits [classes] = x W + b, with x all numbers of an example; inputs * classes + classes parameters. */
import { layers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { heNormals } from './heNormal';

export interface LogisticRegressionSizes {
  readonly inputShape: readonly number[];
  readonly classes: number;
  readonly seed: number | null;
}

export function logisticRegression({ inputShape, classes, seed }: LogisticRegressionSizes): LayersModel {
  const logits = { name: 'logits', units: classes, kernelInitializer: heNormals(seed, 1)() };
  if (inputShape.length === 1) return sequential({ name: 'logistic', layers: [layers.dense({ ...logits, inputShape: [...inputShape] })] });
  return sequential({ name: 'logistic', layers: [layers.flatten({ name: 'flatten', inputShape: [...inputShape] }), layers.dense(logits)] });
}
