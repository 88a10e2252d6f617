/** Reads the four files of MNIST and its like from a folder, gzipped or plain; a gzipped file is unpacked once, into memory. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decodeIdx, type IdxArray } from './idx';
import type { IdxPair } from './idxImages';

/** `[images, labels]` of the training pair, then of the one for validation, as `files` names them without `.gz`. */
export function readIdxPairs(folder: string, files: readonly string[]): readonly [train: IdxPair, validation: IdxPair] {
  const [trainImages = '', trainLabels = '', validationImages = '', validationLabels = ''] = files;
  return [readPair(folder, trainImages, trainLabels), readPair(folder, validationImages, validationLabels)];
}

/** The path of a file, gzipped or plain, if it is there. */
export function idxFileIn(folder: string, file: string): string | undefined {
  return [`${file}.gz`, file].map(name => path.join(folder, name)).find(found => existsSync(found));
}

export function readUnpacked(file: string): Uint8Array {
  const bytes = readFileSync(file);
  // What a browser has unpacked on the way is still called .gz.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new Error(`${file} cannot be unpacked (${error instanceof Error ? error.message : String(error)}). It is cut short or damaged; replace it.`, { cause: error });
  }
}

function readPair(folder: string, imagesFile: string, labelsFile: string): IdxPair {
  const images = readArray(folder, imagesFile, 3);
  const labels = readArray(folder, labelsFile, 1);
  if (images.shape[0] !== labels.shape[0]) throw new Error(`${folder} has ${images.shape[0] ?? 0} images in ${imagesFile}, but ${labels.shape[0] ?? 0} labels in ${labelsFile}. One of them is another data set's; replace it.`);
  return { images, labels };
}

function readArray(folder: string, name: string, rank: number): IdxArray {
  const file = idxFileIn(folder, name) ?? path.join(folder, `${name}.gz`);
  const array = decodeIdx(readUnpacked(file), file);
  if (array.shape.length !== rank) throw new Error(`${file} holds an array of ${array.shape.length} dimensions (${array.shape.join(' x ')}), but must have ${rank}. It is another file under this name; replace it.`);
  return array;
}
