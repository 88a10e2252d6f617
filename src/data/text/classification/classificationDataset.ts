/**
 * Labelled sentences, or pairs of them, as examples for a classifier. Inputs: tokens [B, T] and numbers of segments [B, T], int32,
 * filled up with 0 to the longest of the batch; labels [B]: class numbers, int32, or marks, float32. Held: two or four bytes a token,
 * and the sentences as text; the vocabulary, a few megabytes, is not counted.
 */
import type { Dataset, HostArray } from '../../dataset';
import { noAugmentation } from '../../moves';
import { KeptLines } from '../keptLines';
import { padded, TokenRows } from '../tokenRows';
import { classifierTokens, type ClassifierVocabulary } from './classifierTokens';
import type { LabelledTexts } from './readGlue';

/** `maxTokens`: of an example, with what begins and separates; longer ones are cut. */
export function classificationDataset(name: string, { train, validation, classes, leftOut = [] }: LabelledTexts, vocabulary: ClassifierVocabulary, maxTokens: number): Dataset {
  const examples = [...train, ...validation];
  const cut = examples.map(({ sentences }) => classifierTokens(sentences, vocabulary, maxTokens));
  const rows = new TokenRows(cut.map(({ tokens }) => tokens), vocabulary.vocabulary.size);
  const firsts = Uint16Array.from(cut, ({ first }) => first);
  const lengths = Uint32Array.from(cut, ({ tokens }) => tokens.length);
  const lines = new KeptLines(examples.map(({ sentences }) => sentences.join('\t')));
  const asLabels = (values: readonly number[]) => classes === undefined ? Float32Array.from(values) : Int32Array.from(values);
  const labels = asLabels(examples.map(({ label }) => label));
  return {
    name, examples: examples.length, ownValidation: validation.length, augmentation: noAugmentation, sequences: { lengths },
    text: { leftOut, source: vocabulary.vocabulary, sourceLine: example => lines.line(example) },
    inputs: [{ shape: [null], dtype: 'int32' }, { shape: [null], dtype: 'int32' }], labels: { shape: [], dtype: classes === undefined ? 'float32' : 'int32' },
    ...(classes === undefined ? { labelKind: 'values' } : { labelKind: 'classNumbers', classes: classes.length }),
    bytes: rows.bytes + firsts.byteLength + lengths.byteLength + lines.bytes + labels.byteLength,
    make: wanted => {
      const tokens = padded(Array.from(wanted, example => rows.row(example)), 'none');
      return { inputs: [tokens, segmentsOf(tokens, wanted, firsts, lengths)], labels: { values: asLabels(Array.from(wanted, example => labels[example] ?? 0)), shape: [wanted.length] } };
    },
    close: () => undefined,
  };
}

function segmentsOf({ shape }: HostArray, wanted: Uint32Array, firsts: Uint16Array, lengths: Uint32Array): HostArray {
  const [examples = 0, longest = 0] = shape;
  const values = new Int32Array(examples * longest);
  wanted.forEach((example, row) => values.fill(1, row * longest + (firsts[example] ?? 0), row * longest + (lengths[example] ?? 0)));
  return { values, shape };
}
