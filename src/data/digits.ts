/** 10,000 MNIST digits of 28 by 28 grey levels, packed into `<assets>/digits` by the build. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Dataset } from './dataset';
import { decodeIdx, type IdxArray } from './idx';
import { idxImages } from './idxImages';
import { imageDataset, type ImageSource, type ImageTreatment } from './images';
import { noAugmentation } from './moves';

/** Levels from 0 to 1, and a black border. */
export const digitsTreatment: ImageTreatment = { border: 'zero', augmentation: noAugmentation };

export function loadDigits(assets: string): Dataset {
  return imageDataset(digitImages(assets), digitsTreatment);
}

export function digitImages(assets: string): ImageSource {
  const images = read(path.join(assets, 'digits', 'images.idx3-ubyte'));
  const labels = read(path.join(assets, 'digits', 'labels.idx1-ubyte'));
  if (images.shape[0] !== labels.shape[0]) throw new Error(`The digits hold ${images.shape[0] ?? 0} images but ${labels.shape[0] ?? 0} labels. Build or install EFCP Studio again.`);
  return idxImages('digits', 10, { images, labels });
}

function read(file: string): IdxArray {
  try {
    return decodeIdx(readFileSync(file), file);
  } catch (error) {
    throw new Error(`The digits cannot be read. Build or install EFCP Studio again. (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  }
}
