/**
 * Running text as examples for a language model: all lines, an end after each, in stretches of `maxTokens`. Of a stretch
 * y1..yn of the stream, which follows y0 (an end at the very beginning), inputs are y0..y(n-1) and labels y1..yn, both int32 [B, T].
 * Stretches of validation come from other lines than those of training. Held: two or four bytes a token.
 */
import { InputError } from '../../../settings/problem';
import type { Dataset } from '../../dataset';
import { noAugmentation } from '../../moves';
import { bytePairsFor } from '../bytePairs/bytePairsFor';
import type { LineForm } from '../lineForm';
import { vocabularyOf, type PieceVocabulary } from '../pieceVocabulary';
import { end, type LeftOut } from '../text';
import { padded, TokenRows } from '../tokenRows';
import type { CuttingSettings } from '../translation/translationDataset';

export interface RunningText {
  readonly name: string;
  /** In the form that `form` gives, none of them empty. */
  readonly training: readonly string[];
  readonly validation: readonly string[];
  readonly form: LineForm;
  readonly leftOut: readonly LeftOut[];
}

export function languageDataset({ name, training, validation, form, leftOut }: RunningText, settings: CuttingSettings): Dataset {
  const bytePairs = bytePairsFor(settings, training);
  const vocabulary = vocabularyOf(training, bytePairs, form);
  const [train, held] = [training, validation].map(lines => stretchesOf(lines, vocabulary, settings.maxTokens)) as [number[][], number[][]];
  if (train.length + held.length < 2) throw new InputError([{ field: 'maxTokens', message: `maxTokens is ${settings.maxTokens}, but the data "${name}" have fewer tokens than two stretches of that length; one is for training and one for validation. Lower maxTokens, or bring more text.` }]);
  bytePairs.forget();
  const rows = new TokenRows([...train, ...held], vocabulary.size);
  const lengths = Uint32Array.from([...train, ...held], ({ length }) => length - 1);
  return {
    name, examples: lengths.length, ownValidation: held.length, labelKind: 'tokens', augmentation: noAugmentation, sequences: { lengths, predictions: lengths },
    text: { source: vocabulary, target: vocabulary, leftOut, sourceLine: example => textOf(rows.row(example), vocabulary) },
    inputs: [{ shape: [null], dtype: 'int32' }], labels: { shape: [null], dtype: 'int32' },
    bytes: rows.bytes + lengths.byteLength,
    make: examples => {
      const stretches = Array.from(examples, example => rows.row(example));
      return { inputs: [padded(stretches.map(row => row.subarray(0, -1)), 'none')], labels: padded(stretches.map(row => row.subarray(1)), 'none') };
    },
    close: () => undefined,
  };
}

/** Each with the token before it. */
function stretchesOf(lines: readonly string[], vocabulary: PieceVocabulary, most: number): number[][] {
  const stretches: number[][] = [];
  let stretch = [end];
  for (const line of lines) {
    for (const token of [...vocabulary.numbersOf(line), end]) {
      stretch.push(token);
      if (stretch.length <= most) continue;
      stretches.push(stretch);
      stretch = [token];
    }
  }
  return stretch.length > 1 ? [...stretches, stretch] : stretches;
}

/** What is read, on one line. */
function textOf(row: Uint16Array | Int32Array, vocabulary: PieceVocabulary): string {
  return vocabulary.decode(row.filter(token => token !== end));
}
