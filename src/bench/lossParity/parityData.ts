/** What the networks of loss parity are trained on: real images in CIFAR-10's shape, or the built-in messages and their translations. */
import { cifarShapedDataset } from '../../data/cifarShaped';
import type { Dataset } from '../../data/dataset';
import { loadText } from '../../data/text/loadText';
import { defaults } from '../../settings/knobs';
import type { ParityModelName } from './variants';

export function parityData(model: ParityModelName, assets: string): Promise<Dataset> {
  if (model !== 'dynamicconv-tiny') return cifarShapedDataset(assets);
  return loadText({ ...defaults, data: 'messages', merges: 1000, maxTokens: 60, seed: 1 }, assets);
}
