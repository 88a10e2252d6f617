import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadBackend } from '../../../../../src/backends/loadBackend';
import { batchPlan } from '../../../../../src/data/batchPlan';
import type { Dataset } from '../../../../../src/data/dataset';
import { loadText, type TextSettings } from '../../../../../src/data/text/loadText';
import { end, padding } from '../../../../../src/data/text/text';
import { isEvery23rd, type Corpus } from '../../../../../src/data/text/translation/corpus';
import { translationDataset } from '../../../../../src/data/text/translation/translationDataset';
import { noAugmentation } from '../../../../../src/data/moves';
import { splitOf } from '../../../../../src/data/split';
import { defaults } from '../../../../../src/settings/knobs';
import { assets } from '../../../../support/assets';

const settings: TextSettings = { ...defaults, model: 'dynamicconv-tiny', data: 'messages', merges: 800 };
const cutting = { maxTokens: 50, merges: 20, vocabularyFile: null };
const row = (values: ArrayLike<number>, place: number, length: number) => Array.from(values).slice(place * length, (place + 1) * length);

function corpusOf(pairs: readonly (readonly [string, string])[], more: Partial<Corpus> = {}): Corpus {
  return { name: 'made up', pairs: pairs.map(([source, target]) => ({ source, target })), isHeldOut: isEvery23rd, leftOut: [], ...more };
}
/** So many pairs of three words each. */
const numbered = (count: number) => Array.from({ length: count }, (_, place) => [`das ist ${place + 1}`, `this is ${place + 1}`] as const);

describe('data: parallel text', () => {
  let messages: Dataset;
  before(async () => { messages = await loadText(settings, assets); });

  it('is two thousand real messages, the same every time', async () => {
    assert.ok(messages.examples > 1900, String(messages.examples));
    assert.ok(messages.ownValidation > messages.examples / 15 && messages.ownValidation < messages.examples / 7, String(messages.ownValidation));
    const again = await loadText(settings, assets);
    const all = Uint32Array.from({ length: messages.examples }, (_, place) => place);
    assert.deepEqual(again.make(all), messages.make(all));
  });

  it('stands in batches as a decoder reads it, padded to the longest', () => {
    const text = messages.text!;
    fc.assert(fc.property(fc.uniqueArray(fc.nat(messages.examples - 1), { minLength: 1, maxLength: 7 }), some => {
      const { inputs: [sources, begun], labels } = messages.make(Uint32Array.from(some));
      const [fromLength, toLength] = [sources!.shape[1]!, labels.shape[1]!];
      assert.deepEqual([sources!.shape[0], begun!.shape, labels.shape[0]], [some.length, [some.length, toLength], some.length]);
      some.forEach((example, place) => {
        const [source, before, after] = [row(sources!.values, place, fromLength), row(begun!.values, place, toLength), row(labels.values, place, toLength)];
        const [from, to] = [source.indexOf(end), after.indexOf(end)];
        assert.deepEqual(source.slice(0, from), [...text.source.encode(text.sourceLine(example))]);
        assert.deepEqual(before.slice(0, to + 1), [end, ...after.slice(0, to)]);
        for (const filled of [source.slice(from + 1), before.slice(to + 1), after.slice(to + 1)]) assert.ok(filled.every(token => token === padding));
        assert.equal(messages.sequences!.lengths[example], Math.max(from, to) + 1);
        assert.equal(messages.sequences!.predictions![example], to + 1);
        assert.ok([...source, ...after].every(token => token >= 0) && source.every(token => token < text.source.size) && after.every(token => token < text.target!.size));
      });
      assert.ok(some.some(example => messages.sequences!.predictions![example] === toLength), 'no longer than the longest');
    }));
  });

  it('keeps the words that a translation is compared with', () => {
    const { text } = messages;
    const train = messages.examples - messages.ownValidation;
    for (let example = 0; example < train; example += 37) {
      const { labels } = messages.make(Uint32Array.of(example));
      assert.equal(text!.target!.decode(labels.values), text!.targetLine!(example));
      assert.equal(text!.target!.words!(labels.values), text!.targetWords!(example));
    }
  });

  it('says what it holds, to the byte', () => {
    const { lengths, predictions } = messages.sequences!;
    let bytes = lengths.byteLength + predictions!.byteLength + 2 * 4 * (messages.examples + 1) + 2 * 8 * (messages.examples + 1);
    for (let example = 0; example < messages.examples; example++) {
      const text = messages.text!;
      const tokens = text.source.encode(text.sourceLine(example)).length + predictions![example]! - 1;
      bytes += 2 * tokens + Buffer.byteLength(text.sourceLine(example)) + Buffer.byteLength(text.targetWords!(example));
    }
    assert.equal(messages.bytes, bytes);
  });

  it('is cut into batches of so many tokens, every training pair once', async () => {
    await loadBackend('cpu', { assets });
    const { train, validation } = splitOf(messages, 0.5, 1);
    assert.equal(validation.length, messages.ownValidation, 'what the data hold out is held out');
    const plan = batchPlan(messages, train, { batchTokens: 1000, batchSize: 1, seed: 3, augmentation: noAugmentation });
    let [pairs, predictions] = [0, 0];
    for (const batch of plan.epoch(0)) {
      const { inputs, labels } = batch.make(0, batch.examples);
      for (const { size } of [...inputs, labels]) assert.ok(size <= 1000);
      pairs += batch.examples;
      predictions += batch.weigh!(0, batch.examples);
      [...inputs, labels].forEach(made => { made.dispose(); });
    }
    assert.equal(pairs, train.length);
    assert.equal(predictions, train.reduce((sum, example) => sum + messages.sequences!.predictions![example]!, 0));
  });

  it('holds out every 23rd pair that is left after cleaning', () => {
    const { text, ...dataset } = translationDataset(corpusOf([['nichts', ''], ...numbered(50)]), cutting);
    assert.deepEqual([dataset.examples, dataset.ownValidation], [50, 2]);
    assert.deepEqual([47, 48, 49].map(example => text!.sourceLine(example)), ['das ist 50', 'das ist 23', 'das ist 46']);
    assert.deepEqual(text!.leftOut, [{ lines: 1, what: 'pairs with an empty side' }]);
  });

  it('learns its vocabulary and merges from training pairs alone', () => {
    const pairs = numbered(23).map(([source, target], place) => place === 22 ? ['qqqq qqqq', 'qqqq qqqq'] as const : [source, target] as const);
    const { text } = translationDataset(corpusOf(pairs), cutting);
    assert.deepEqual([...text!.source.encode('qq')], [1, 1], 'neither merged nor known');
    assert.equal(text!.targetLine!(22), 'qqqq qqqq', 'but compared with as it is');
  });

  for (const [what, pair, kept] of [
    ['one and a half times as many words', ['a b', 'a b c'], true],
    ['more than that in the target', ['a b', 'a b c d'], false],
    ['more than that in the source', ['a, b', 'a'], false],
    ['nothing but spaces in one side', ['a', ' \u00a0'], false],
    ['as many tokens as may be, with the end', ['a '.repeat(49), 'a '.repeat(49)], true],
    ['a token more', ['a '.repeat(50), 'a '.repeat(49)], false],
  ] as const) {
    it(`${kept ? 'keeps' : 'leaves out'} pairs with ${what}`, () => {
      const dataset = translationDataset(corpusOf([...numbered(3), pair]), cutting);
      assert.equal(dataset.examples, kept ? 4 : 3);
      assert.deepEqual(dataset.text!.leftOut!.map(({ lines }) => lines), kept ? [] : [1]);
    });
  }

  it('leaves out what has more words than the corpus allows, whatever maxTokens', () => {
    const long = 'a '.repeat(176);
    assert.deepEqual(translationDataset(corpusOf([...numbered(3), [long, long]], { mostWords: 175 }), { ...cutting, maxTokens: 400 }).text!.leftOut, [{ lines: 1, what: 'pairs with a side of more than 175 words' }]);
  });

  it('says what to do where nothing is left', () => {
    assert.throws(() => translationDataset(corpusOf([['a', '']]), cutting), /The data "made up" have 1 pairs of lines, of which 0 are left/);
    assert.throws(() => translationDataset(corpusOf(numbered(5)), { ...cutting, merges: 0, maxTokens: 4 }), /maxTokens is 4, but of 5 pairs of lines fewer than two are that short/);
  });
});
