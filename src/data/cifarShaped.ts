/**
 * Real images of 32 by 32 in colour, for measurements that need CIFAR's shape and not its pictures: CIFAR-10 where it is on this
 * machine, else Fashion-MNIST, else the digits that are built in, both padded. The name of the data set says which.
 */
import type { Dataset } from './dataset';
import { asColourImages } from './colourImages';
import { cifarTreatment } from './cifar';
import { imageDataset, type ImageSource } from './images';
import { isAtHand, loadImages } from './loadDataset';

export async function cifarShapedDataset(assets: string): Promise<Dataset> {
  return imageDataset(await cifarShapedImages(assets), cifarTreatment);
}

export async function cifarShapedImages(assets: string): Promise<ImageSource> {
  if (isAtHand('cifar-10')) return (await loadImages('cifar-10', assets)).source;
  const { source } = await loadImages(isAtHand('fashion-mnist') ? 'fashion-mnist' : 'digits', assets);
  return asColourImages(source);
}
