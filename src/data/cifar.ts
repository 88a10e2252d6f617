/**
 * The binary version of CIFAR-10: files of records without any header, each a byte of label, 1,024 bytes of red, 1,024 of green and
 * 1,024 of blue, row by row. Records are read from the files one by one as they are asked for; the files stay open. Source: the
 * data set's own page, "Binary version".
 *
 * Bytes held: one record.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import type { ImageSource, ImageTreatment } from './images';

export interface CifarFiles {
  readonly name: string;
  readonly classes: number;
  readonly recordsPerFile: number;
  readonly train: readonly string[];
  readonly validation: readonly string[];
}

export const cifar10: CifarFiles = {
  name: 'cifar-10', classes: 10, recordsPerFile: 10_000,
  train: [1, 2, 3, 4, 5].map(batch => `data_batch_${batch}.bin`), validation: ['test_batch.bin'],
};

/** Means and deviations of the training images' channels as the sparse-training code of the paper's baseline has them, in levels of 255. */
export const cifarTreatment: ImageTreatment = {
  border: 'reflect', augmentation: { reach: 4, mirror: true },
  normalisation: { mean: [125.3 / 255, 123 / 255, 113.9 / 255], deviation: [63 / 255, 62.1 / 255, 66.7 / 255] },
};

const side = 32;
const recordBytes = 1 + side * side * 3;

export function openCifar(folder: string, files: CifarFiles): ImageSource {
  const { name, classes, recordsPerFile } = files;
  const names = [...files.train, ...files.validation];
  const opened: number[] = [];
  const close = () => { for (const descriptor of opened.splice(0)) closeSync(descriptor); };
  try {
    for (const file of names) opened.push(openBatch(path.join(folder, file), recordsPerFile));
  } catch (error) {
    close();
    throw error;
  }
  const record = new Uint8Array(recordBytes);
  const pixels = record.subarray(1);
  return {
    name, classes, close, shape: [side, side, 3], layout: 'planar', bytes: recordBytes,
    examples: names.length * recordsPerFile, ownValidation: files.validation.length * recordsPerFile,
    read: example => {
      const [file, place] = [Math.floor(example / recordsPerFile), example % recordsPerFile];
      const label = readRecord(opened[file], record, place * recordBytes) ? record[0] ?? 0 : Number.NaN;
      if (!(label < classes)) throw damaged(path.join(folder, names[file] ?? ''), place, label, classes);
      return { pixels, label };
    },
  };
}

function openBatch(file: string, records: number): number {
  const remedy = 'Take the file from the binary version of the data set; efcp data verify says which files are whole.';
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    throw new Error(`${file} cannot be read (${error instanceof Error ? error.message : String(error)}). It must hold ${records} images. ${remedy}`, { cause: error });
  }
  const { size } = fstatSync(descriptor);
  if (size === records * recordBytes) return descriptor;
  closeSync(descriptor);
  throw new Error(`${file} has ${size} bytes, but must have ${records * recordBytes}: ${records} records of ${recordBytes}. It is cut short, or no such file. ${remedy}`);
}

function readRecord(descriptor: number | undefined, record: Uint8Array, from: number): boolean {
  if (descriptor === undefined) return false;
  for (let read = 0; read < record.length;) {
    const more = readSync(descriptor, record, read, record.length - read, from + read);
    if (more === 0) return false;
    read += more;
  }
  return true;
}

function damaged(file: string, place: number, label: number, classes: number): Error {
  const found = Number.isNaN(label) ? 'ends before its end, or was closed' : `has the label ${label}, which must be from 0 to ${classes - 1}`;
  return new Error(`Record ${place} of ${file} ${found}. The file is damaged or has changed; replace it, and check it with efcp data verify.`);
}
