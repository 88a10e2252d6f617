/**
 * Grey images in IDX files, held in memory as bytes: the digits that the build packs, and the four files of MNIST and its like,
 * plain or gzipped, whose second pair (t10k) is for validation.
 */
import type { IdxArray } from './idx';
import type { ImageSource } from './images';

export interface IdxPair {
  /** [examples, height, width] */
  readonly images: IdxArray;
  /** [examples] */
  readonly labels: IdxArray;
}

/** The examples of all pairs, one after another; those of `validation` come last. */
export function idxImages(name: string, classes: number, train: IdxPair, validation?: IdxPair): ImageSource {
  const pairs = validation === undefined ? [train] : [train, validation];
  const [, height = 0, width = 0] = train.images.shape;
  const trainExamples = train.labels.values.length;
  const size = height * width;
  return {
    name, classes, shape: [height, width, 1], layout: 'interleaved', ownValidation: validation?.labels.values.length ?? 0,
    examples: pairs.reduce((sum, { labels }) => sum + labels.values.length, 0),
    bytes: pairs.reduce((sum, { images, labels }) => sum + images.values.byteLength + labels.values.byteLength, 0),
    read: example => {
      const [pair, place] = example < trainExamples || validation === undefined ? [train, example] as const : [validation, example - trainExamples] as const;
      return { pixels: pair.images.values.subarray(place * size, (place + 1) * size), label: pair.labels.values[place] ?? 0 };
    },
    close: () => undefined,
  };
}
