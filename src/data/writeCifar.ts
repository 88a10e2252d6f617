/** Writes images of 32 by 32 in colour in CIFAR's binary format: the other direction of `cifar.ts`. */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import type { CifarFiles } from './cifar';
import type { ImageSource } from './images';
import { writeAll } from './writeAll';

/** `examples`: which of the source's go into the files, in order, as many as these hold. */
export function writeCifar(folder: string, files: CifarFiles, source: ImageSource, examples: ArrayLike<number>): void {
  const { recordsPerFile } = files;
  const names = [...files.train, ...files.validation];
  if (examples.length !== names.length * recordsPerFile) throw new Error(`${names.length} files of ${recordsPerFile} records hold ${names.length * recordsPerFile} examples, but ${examples.length} are given. Give as many.`);
  if (source.layout !== 'planar') throw new Error(`The images of ${source.name} have the channels of a pixel side by side, but CIFAR's files hold one channel after another. Convert them first.`);
  mkdirSync(folder, { recursive: true });
  names.forEach((name, file) => {
    const descriptor = openSync(path.join(folder, name), 'w');
    try {
      for (let place = 0; place < recordsPerFile; place++) {
        const { pixels, label } = source.read(examples[file * recordsPerFile + place] ?? 0);
        writeAll(descriptor, Uint8Array.of(label, ...pixels));
      }
    } finally {
      closeSync(descriptor);
    }
  });
}
