/** Examples for the networks of the bench of memory: noise of the shapes that they are usually trained on, the same for the same seed however a batch is cut. */
import { tensor, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { end } from '../../data/text/text';
import type { BatchSource } from '../../gradients/gradientSource';
import { sizeOf } from '../../models/model';
import type { ModelData } from '../../models/namedModel';
import { isTranslator } from '../../settings/dataFit';
import { random } from '../random';
import { tokensOfPair, type MemoryModelName } from './memoryModels';

export type MadeUpExamples = (examples: number, seed: number) => BatchSource;

/** As CIFAR-10's. */
const images = { inputShape: [32, 32, 3], classes: 10 } as const;
/** The joint vocabularies of 10,000 merges on IWSLT'14, German and English; a small one for the small network. */
const vocabularies = { 'dynamicconv': { source: 8848, target: 6632 }, 'dynamicconv-tiny': { source: 1000, target: 800 } } as const;

export function madeFor(name: MemoryModelName): ModelData {
  if (!isTranslator(name)) return images;
  return { inputShape: [null], classes: vocabularies[name].target, vocabularies: vocabularies[name] };
}

export function madeUpExamples(name: MemoryModelName): MadeUpExamples {
  return isTranslator(name) ? pairs(vocabularies[name]) : noise;
}

function noise(examples: number, seed: number): BatchSource {
  const source = random(seed);
  const size = sizeOf(images.inputShape);
  const values = Float32Array.from({ length: examples * size }, () => source.normal());
  const labels = Int32Array.from({ length: examples }, () => source.below(images.classes));
  return {
    examples,
    make: (from, to) => ({
      inputs: [tensor(values.subarray(from * size, to * size), [to - from, ...images.inputShape])],
      labels: tensor1d(labels.subarray(from, to), 'int32'),
    }),
  };
}

/** Numbers up to the end's mean the same in every vocabulary. */
const firstWord = end + 1;

/** No padding: every side is as long as the others. */
function pairs({ source: sources, target: targets }: { readonly source: number; readonly target: number }): MadeUpExamples {
  return (examples, seed) => {
    const drawn = random(seed);
    const side = (size: number) => Int32Array.from({ length: examples * tokensOfPair }, (_, place) => (place % tokensOfPair === tokensOfPair - 1 ? end : firstWord + drawn.below(size - firstWord)));
    const [source, labels] = [side(sources), side(targets)];
    // What the decoder reads: the end of the sentence before, then what it should have predicted so far.
    const shifted = labels.map((_, place) => (place % tokensOfPair === 0 ? end : labels[place - 1] ?? 0));
    return {
      examples,
      make: (from, to) => {
        const [sourceRows, shiftedRows, labelRows] = [source, shifted, labels].map(values => tensor2d(values.subarray(from * tokensOfPair, to * tokensOfPair), [to - from, tokensOfPair], 'int32'));
        return { inputs: [sourceRows, shiftedRows], labels: labelRows } as ReturnType<BatchSource['make']>;
      },
      weigh: (from, to) => (to - from) * tokensOfPair,
    };
  };
}
