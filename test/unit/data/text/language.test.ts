import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import type { Dataset } from '../../../../src/data/dataset';
import { languageDataset } from '../../../../src/data/text/language/languageDataset';
import { textFile } from '../../../../src/data/text/language/runningText';
import { spaced } from '../../../../src/data/text/lineForm';
import { loadText, type TextSettings } from '../../../../src/data/text/loadText';
import { end } from '../../../../src/data/text/text';
import { defaults } from '../../../../src/settings/knobs';
import { assets } from '../../../support/assets';
import { withFiles } from '../../../support/textFiles';

const settings: TextSettings = { ...defaults, model: 'language-model', data: 'text', merges: 300, maxTokens: 32 };

/** The stream of labels of these examples, checked against their inputs on the way. */
function streamOf(dataset: Dataset, from: number, to: number): number[] {
  const stream: number[] = [];
  let before = end;
  for (let example = from; example < to; example++) {
    const { inputs: [read], labels } = dataset.make(Uint32Array.of(example));
    assert.deepEqual(read!.shape, labels.shape);
    assert.deepEqual([...read!.values], [before, ...labels.values.slice(0, -1)], 'each input is the token before its label');
    assert.equal(dataset.sequences!.lengths[example], labels.values.length);
    before = labels.values.at(-1)!;
    stream.push(...labels.values);
  }
  return stream;
}

function linesOf(stream: readonly number[], dataset: Dataset): string[] {
  const lines: string[] = [];
  for (let start = 0; start < stream.length; start = stream.indexOf(end, start) + 1) lines.push(dataset.text!.source.decode(stream.slice(start)));
  return lines;
}

describe('data: running text', () => {
  const someLine = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }).map(words => words.join(' '));

  it('is one stream, cut into stretches of one length, of which nothing is lost', () => {
    fc.assert(fc.property(fc.array(someLine, { minLength: 2, maxLength: 12 }), fc.array(someLine, { minLength: 1, maxLength: 3 }), fc.integer({ min: 4, max: 9 }), (training, validation, maxTokens) => {
      const dataset = languageDataset({ name: 'made up', training, validation: validation.map(line => line.slice(0, 3).trim()), form: spaced, leftOut: [] }, { maxTokens, merges: 0, vocabularyFile: null });
      const trained = dataset.examples - dataset.ownValidation;
      assert.deepEqual(linesOf(streamOf(dataset, 0, trained), dataset), training);
      assert.equal(streamOf(dataset, trained, dataset.examples).filter(token => token === end).length, validation.length);
      const { lengths, predictions } = dataset.sequences!;
      assert.ok(lengths.every((length, example) => example === trained - 1 || example === dataset.examples - 1 ? length <= maxTokens : length === maxTokens));
      assert.deepEqual(predictions, lengths);
    }));
  });

  it('of a file is its lines, words as they stand, the last twentieth for validation', async () => {
    const lines = Array.from({ length: 40 }, (_, place) => `Zeile ${place}:  "Groß",\tund klein.`);
    await withFiles({ 'a.txt': `\n${lines.join('\n\n')}` }, async folder => {
      const dataset = await loadText({ ...settings, sourceFile: path.join(folder, 'a.txt') }, assets);
      const trained = dataset.examples - dataset.ownValidation;
      const read = lines.map(line => line.replace(/\s+/g, ' '));
      assert.deepEqual(linesOf(streamOf(dataset, 0, trained), dataset), read.slice(0, 38));
      assert.equal(dataset.text!.sourceLine(0).slice(0, 23), 'Zeile 0: "Groß", und kl');
      assert.deepEqual(dataset.text!.leftOut, [{ lines: 40, what: 'blank lines' }]);
    });
  });

  it('is the English messages where no file is named, or where the data are pairs', async () => {
    const [text, messages] = [await loadText({ ...settings, sourceFile: null }, assets), await loadText({ ...settings, data: 'messages' }, assets)];
    assert.match(text.text!.sourceLine(0), /^unterminated string literal\. /);
    assert.deepEqual([text.examples, text.ownValidation, text.text!.source.size], [messages.examples, messages.ownValidation, messages.text!.source.size]);
    assert.deepEqual(text.inputs, [{ shape: [null], dtype: 'int32' }]);
    assert.equal(text.bytes, 2 * (streamOf(text, 0, text.examples - text.ownValidation).length + streamOf(text, text.examples - text.ownValidation, text.examples).length + text.examples) + 4 * (text.examples + 1) + 4 * text.examples);
  });

  it('is padded where the last stretch is shorter', async () => {
    const dataset = await loadText({ ...settings, sourceFile: null }, assets);
    const { lengths } = dataset.sequences!;
    const last = dataset.examples - 1;
    assert.ok(lengths[last]! < 32, 'the test needs a shorter one');
    const { inputs: [read], labels } = dataset.make(Uint32Array.of(0, last));
    assert.deepEqual([read!.shape, labels.shape], [[2, 32], [2, 32]]);
    for (const { values } of [read!, labels]) assert.deepEqual([...values.slice(32)].map(token => token > 0), Array.from({ length: 32 }, (_, place) => place < lengths[last]!));
  });

  it('is refused where it is too short, or not UTF-8', () => {
    withFiles({ 'a.txt': 'ab\n', 'b.txt': Buffer.from('gut\ngr\xfcn\n', 'latin1') }, folder => {
      assert.throws(() => languageDataset(textFile(path.join(folder, 'a.txt')), settings), /maxTokens is 32, but the data "text" have fewer tokens than two stretches/);
      assert.throws(() => textFile(path.join(folder, 'b.txt')), /b\.txt:2: the line is not UTF-8/);
    });
  });
});
