/** The data set of a run, by name. */
import { described, isCatalogName, type CatalogName, type CifarData, type IdxData } from './catalog';
import { cifarTreatment, openCifar } from './cifar';
import type { Dataset } from './dataset';
import { digitImages, digitsTreatment } from './digits';
import { archiveOf, findData, missingData } from './findData';
import { readIdxPairs } from './idxFiles';
import { idxImages } from './idxImages';
import { imageDataset, type ImageSource, type ImageTreatment } from './images';
import { noAugmentation } from './moves';
import { unpackArchive } from './unpackArchive';

export type ImageDataName = 'digits' | CatalogName;

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
  if (!isCatalogName(name)) return { source: digitImages(assets), treatment: digitsTreatment };
  const data = described(name);
  const folder = await wholeFolder(name, data);
  if (data.kind === 'cifar') return { source: openCifar(folder, data.files), treatment: cifarTreatment };
  const pairs = readIdxPairs(folder, data.contents.map(({ file }) => file));
  const { mean, deviation } = data.normalisation;
  return { source: idxImages(name, data.classes, ...pairs), treatment: { border: 'zero', augmentation: noAugmentation, normalisation: { mean: [mean], deviation: [deviation] } } };
}

/** Whether a data set can be loaded at once, without fetching anything. */
export function isAtHand(name: CatalogName): boolean {
  return findData(name)?.missing.length === 0 || archiveOf(name) !== undefined;
}

/** The folder with all content files; an archive that was put there by hand is unpacked first. */
async function wholeFolder(name: CatalogName, data: IdxData | CifarData): Promise<string> {
  const found = findData(name);
  if (found?.missing.length === 0) return found.folder;
  const archive = archiveOf(name);
  if (archive === undefined || data.kind !== 'cifar') throw missingData(name);
  return unpackArchive(archive, data);
}
