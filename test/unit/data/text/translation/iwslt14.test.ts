import assert from 'node:assert/strict';
import path from 'node:path';
import { iwslt14 } from '../../../../../src/data/text/translation/iwslt14';
import { withFiles } from '../../../../support/textFiles';

const testSets = ['TED.dev2010', 'TEDX.dev2012', 'TED.tst2010', 'TED.tst2011', 'TED.tst2012'];

/** Files as those of the archive are, with sentences of our own. */
function archive(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const train = (language: string, sentences: readonly string[]) => [
    '<url>http://example.org/talk</url>', '<keywords>talks, one</keywords>', '<speaker>Somebody</speaker>', '<talkid>1</talkid>',
    `<title>Ein Titel: A title (${language})</title>`, '<description>Rede, Talk</description>', ...sentences, '',
  ].join('\n');
  const test = (set: string, language: string) => [
    '<?xml version="1.0" encoding="UTF-8"?>', `<refset setid="${set}" srclang="german" trglang="${language}">`, '<doc docid="1" genre="lectures">', '<title>Not read</title>',
    `<seg id="1"> It\u2019s ${set} in ${language} . </seg>`, '<seg id="2">Second </seg>', '</doc>', '</refset>', '',
  ].join('\n');
  return {
    'de-en/train.tags.de-en.de': train('de', [' Guten Morgen, Welt. ', 'Ein Satz mit <em>Marke</em>']), 'de-en/train.tags.de-en.en': train('en', [' Good morning, world. ', 'A sentence with a <em>tag</em>']),
    ...Object.fromEntries(testSets.flatMap(set => ['de', 'en'].map(language => [`de-en/IWSLT14.${set}.de-en.${language}.xml`, test(set, language)]))),
    ...more,
  };
}

const read = (files: Record<string, string>) => withFiles(Object.fromEntries(Object.entries(files).map(([name, content]) => [`iwslt14/${name}`, content])), iwslt14);

describe('data: IWSLT\'14', () => {
  it('takes sentences, titles and descriptions of the training files', () => {
    const { pairs } = read(archive());
    assert.deepEqual(pairs.map(({ source }) => source), ['<speaker>Somebody</speaker>', 'Ein Titel: A title (de)', 'Rede, Talk', ' Guten Morgen, Welt. ', 'Ein Satz mit <em>Marke</em>']);
    assert.deepEqual(pairs[3], { source: ' Guten Morgen, Welt. ', target: ' Good morning, world. ' });
  });

  it('takes the segments of the five test sets in their order, with plain apostrophes', () => {
    const { test } = read(archive());
    assert.equal(test!.length, 10);
    assert.deepEqual(test!.map(({ target }) => target).filter((_, place) => place % 2 === 0), testSets.map(set => `It's ${set} in en .`));
    assert.deepEqual(test![1], { source: 'Second', target: 'Second' });
  });

  it('finds the files without the folder of the archive, too', () => {
    const files = Object.fromEntries(Object.entries(archive()).map(([name, content]) => [name.replace('de-en/', ''), content]));
    assert.equal(read(files).pairs.length, 5);
  });

  it('holds out every 23rd pair, and at most 175 words', () => {
    const { isHeldOut, mostWords } = read(archive());
    const pair = { source: '', target: '' };
    assert.deepEqual(Array.from({ length: 70 }, (_, place) => place).filter(place => isHeldOut(pair, place)), [22, 45, 68]);
    assert.equal(mostWords, 175);
  });

  it('says where the files come from, under what terms, and where they go', () => {
    assert.throws(() => read({ 'readme.txt': '' }), /data is "iwslt14", but train\.tags\.de-en\.de and 11 other files are not in .*iwslt14\. .*CC BY-NC-ND 4\.0.*de-en\.tgz of WIT3.*put what is in its folder de-en into .*iwslt14: train\.tags\.de-en\.de and \.en, and IWSLT14\.TED\.dev2010\.de-en\.\{de,en\}\.xml/);
    const others = Object.entries(archive()).filter(([name]) => !name.includes('tst2011.de-en.en'));
    assert.throws(() => read(Object.fromEntries(others)), /but IWSLT14\.TED\.tst2011\.de-en\.en\.xml are not in/);
  });

  it('refuses files that do not go together', () => {
    assert.throws(() => read(archive({ 'de-en/train.tags.de-en.en': 'one\n' })), /train\.tags\.de-en\.de \(without tags\) has 5 lines, but .*train\.tags\.de-en\.en \(without tags\) has 1/);
    assert.throws(() => read(archive({ 'de-en/IWSLT14.TED.dev2010.de-en.de.xml': '<seg id="1">a</seg>' })), /dev2010\.de-en\.de\.xml \(without tags\) has 1 lines, but .* has 2/);
  });

  it('refuses a file in another encoding, with its line', () => {
    withFiles(Object.fromEntries(Object.entries(archive()).map(([name, content]) => [`iwslt14/${name}`, name.endsWith('train.tags.de-en.de') ? Buffer.from('gut\ngr\xfcn\n', 'latin1') : content])), folder => {
      assert.throws(() => iwslt14(folder), new RegExp(`${path.join('de-en', 'train.tags.de-en.de')}:2: the line is not UTF-8`));
    });
  });
});
