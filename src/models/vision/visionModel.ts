/** The vision models by the names of the setting `model`, for examples of any shape, trained by the cross-entropy of class numbers. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { fromLayersModel } from '../layersModel/fromLayersModel';
import { fixedShape, type Model } from '../model';
import { softmaxCrossEntropy } from '../softmaxCrossEntropy';
import { logisticRegression } from './logisticRegression';
import { resNet } from './resNet';
import { wideResNet } from './wideResNet';

export interface VisionData {
  /** Of one example: [height, width, channels], or features for `logistic`. */
  readonly inputShape: readonly (number | null)[];
  readonly classes: number;
}

interface Made {
  readonly inputShape: readonly number[];
  readonly classes: number;
  readonly seed: number | null;
}

const makers = {
  logistic: logisticRegression,
  'resnet20': (made: Made) => resNet({ ...made, depth: 20, inputShape: image('resnet20', made) }),
  'wrn-28-2': (made: Made) => wideResNet({ ...made, depth: 28, width: 2, inputShape: image('wrn-28-2', made) }),
  'wrn-10-1': (made: Made) => wideResNet({ ...made, depth: 10, width: 1, inputShape: image('wrn-10-1', made) }),
} satisfies Readonly<Record<string, (made: Made) => LayersModel>>;

export type VisionModelName = keyof typeof makers;

export const visionModelNames = Object.keys(makers) as readonly VisionModelName[];

/** As TensorFlow.js's own model, with initial weights from `seed`, or none that anybody may read. */
export function visionLayersModel(name: VisionModelName, data: VisionData, seed: number | null): LayersModel {
  return makers[name]({ ...data, inputShape: fixedShape(data.inputShape), seed });
}

export function visionModel(name: VisionModelName, data: VisionData, seed: number | null): Promise<Model> {
  return fromLayersModel(visionLayersModel(name, data, seed), { name, loss: softmaxCrossEntropy, isDrawn: seed !== null });
}

function image(name: string, { inputShape: [height, width, channels, ...rest] }: Made): [number, number, number] {
  if (height === undefined || width === undefined || channels === undefined || rest.length > 0) throw new Error(`The model ${name} takes images [height, width, channels].`);
  return [height, width, channels];
}
