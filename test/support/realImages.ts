/**
 * Real 32 x 32 x 3 images in CIFAR-10's own files, in a folder that lives as long as the process: Fashion-MNIST where it can be had,
 * else the digits, padded and copied to three channels. As many records a file as are asked for, so that tests stay quick.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cifar10, cifarTreatment, openCifar, type CifarFiles } from '../../src/data/cifar';
import { asColourImages } from '../../src/data/colourImages';
import type { Dataset } from '../../src/data/dataset';
import { digitImages } from '../../src/data/digits';
import { idxImages } from '../../src/data/idxImages';
import { readIdxPairs } from '../../src/data/idxFiles';
import { imageDataset, type ImageSource } from '../../src/data/images';
import { epochOrder } from '../../src/data/split';
import { writeCifar } from '../../src/data/writeCifar';
import { assets } from './assets';
import { fashionMnist } from './fashionMnist';

export interface RealImages {
  readonly dataset: Dataset;
  /** The images as they were before they were written. */
  readonly source: ImageSource;
  /** Which of them went into the files, in order. */
  readonly examples: Uint32Array;
  readonly folder: string;
  readonly files: CifarFiles;
  /** What they are: the tests that ran say so. */
  readonly what: 'Fashion-MNIST' | 'digits';
}

/** Six files, the last for validation. */
export async function realImages(recordsPerFile = 200, seed = 1): Promise<RealImages> {
  const { source: grey, what } = await greyImages();
  const source = asColourImages(grey);
  const files = { ...cifar10, recordsPerFile };
  const examples = epochOrder(Uint32Array.from({ length: source.examples }, (_, index) => index), seed, 0).slice(0, 6 * recordsPerFile);
  const folder = mkdtempSync(path.join(tmpdir(), 'efcp-cifar-'));
  process.once('exit', () => { rmSync(folder, { recursive: true, force: true }); });
  writeCifar(folder, files, source, examples);
  return { dataset: imageDataset(openCifar(folder, files), cifarTreatment), source, examples, folder, files, what };
}

async function greyImages(): Promise<{ source: ImageSource; what: RealImages['what'] }> {
  const found = await fashionMnist();
  if ('missing' in found) return { source: digitImages(assets), what: 'digits' };
  return { source: idxImages('fashion-mnist', 10, ...readIdxPairs(found.folder, ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'])), what: 'Fashion-MNIST' };
}
