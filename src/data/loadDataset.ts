/** The data set of a run, by name. */
import type { CatalogName } from './catalog';
import type { CifarData, IdxData } from './catalogEntry';
import { cifarTreatment, openCifar } from './cifar';
import type { Dataset } from './dataset';
import { digitImages, digitsTreatment } from './digits';
import { archiveOf, findData } from './findData';
import { readIdxPairs } from './idxFiles';
import { idxImages } from './idxImages';
import { imageCatalog } from './imageCatalog';
import { imageDataset, type ImageSource, type ImageTreatment } from './images';
import { noAugmentation } from './moves';
import { wholeFolder } from './wholeFolder';

export type ImageDataName = 'digits' | keyof typeof imageCatalog;

export interface LoadedImages {
  readonly source: ImageSource;
  readonly treatment: ImageTreatment;
}

/** `assets`: the folder of the files that the build made. */
export async function loadDataset(name: ImageDataName, assets: string): Promise<Dataset> {
  const { source, treatment } = await loadImages(name, assets);
  return imageDataset(source, treatment);
}

export async function loadImages(name: ImageDataName, assets: string): Promise<LoadedImages> {
  if (name === 'digits') return { source: digitImages(assets), treatment: digitsTreatment };
  const data: IdxData | CifarData = imageCatalog[name];
  const folder = await wholeFolder(name);
  if (data.kind === 'cifar') return { source: openCifar(folder, data.files), treatment: cifarTreatment };
  const pairs = readIdxPairs(folder, data.contents.map(({ file }) => file));
  const { mean, deviation } = data.normalisation;
  return { source: idxImages(name, data.classes, ...pairs), treatment: { border: 'zero', augmentation: noAugmentation, normalisation: { mean: [mean], deviation: [deviation] } } };
}

/** Whether a data set can be loaded at once, without fetching anything. */
export function isAtHand(name: CatalogName): boolean {
  return findData(name)?.missing.length === 0 || archiveOf(name) !== undefined;
}
