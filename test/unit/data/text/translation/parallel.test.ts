import assert from 'node:assert/strict';
import path from 'node:path';
import { loadText, type TextSettings } from '../../../../../src/data/text/loadText';
import type { Corpus } from '../../../../../src/data/text/translation/corpus';
import { parallel } from '../../../../../src/data/text/translation/parallel';
import { defaults } from '../../../../../src/settings/knobs';
import type { InputError } from '../../../../../src/settings/problem';
import { withFiles } from '../../../../support/textFiles';

function read(german: string | Uint8Array, english: string | Uint8Array): Corpus {
  return withFiles({ 'a.de': german, 'a.en': english }, folder => parallel(path.join(folder, 'a.de'), path.join(folder, 'a.en')));
}

describe('data: the user\'s parallel files', () => {
  it('go together line by line, without those that are empty in both', () => {
    const { pairs, leftOut } = read('eins\n\n \r\nzwei\r\n', 'one\n\t\n\ntwo');
    assert.deepEqual(pairs, [{ source: 'eins', target: 'one' }, { source: 'zwei', target: 'two' }]);
    assert.deepEqual(leftOut, [{ lines: 2, what: 'empty lines' }]);
  });

  for (const [what, german, english, field, message] of [
    ['the source has fewer lines', 'eins\n', 'one\ntwo\nthree\n', 'targetFile', /a\.de:2: .*a\.de has 1 lines, but .*a\.en has 3; each line must have its translation in the same line/],
    ['the target has fewer lines', 'eins\nzwei\n', 'one\n', 'targetFile', /a\.en:2: .*has 2 lines, but .* has 1/],
    ['a line of the target is empty', 'eins\nzwei\n', 'one\n\n', 'targetFile', /a\.en:2: the line is empty, but line 2 of .*a\.de is not\. Put its translation there/],
    ['a line of the source is empty', '\nzwei\n', 'one\ntwo\n', 'sourceFile', /a\.de:1: the line is empty, but line 1 of .*a\.en is not/],
    ['the source is not UTF-8', Buffer.from('eins\nf\xfcnf\n', 'latin1'), 'one\nfive\n', 'sourceFile', /a\.de:2: the line is not UTF-8/],
    ['the target is not UTF-8', 'eins\nzwei\n', Buffer.from('one\n\xff\n', 'latin1'), 'targetFile', /a\.en:2: the line is not UTF-8/],
  ] as const) {
    it(`are refused where ${what}`, () => {
      assert.throws(() => read(german, english), (error: InputError) => {
        assert.match(error.message, message);
        return error.problems[0]!.field === field;
      });
    });
  }

  it('are refused where one is not named', () => {
    assert.throws(() => parallel(null, '/a.en'), /data is "parallel", but sourceFile is null/);
    assert.throws(() => parallel('/a.de', null), /data is "parallel", but targetFile is null/);
  });

  it('may come with merges that were learnt before', async () => {
    const files = { 'a.de': 'das haus\ndas haus\n', 'a.en': 'the house\nthe house\n', 'codes': '#version: 0.2\nh a\nha u\n', 'wrong': 'h a\n' };
    await withFiles(files, async folder => {
      const settings: TextSettings = { ...defaults, model: 'dynamicconv-tiny', data: 'parallel', merges: 100, sourceFile: path.join(folder, 'a.de'), targetFile: path.join(folder, 'a.en') };
      const [learnt, given] = [await loadText(settings, ''), await loadText({ ...settings, vocabularyFile: path.join(folder, 'codes') }, '')];
      await assert.rejects(loadText({ ...settings, vocabularyFile: path.join(folder, 'wrong') }, ''), /wrong:1: the line is "h a", but a file of byte-pair merges begins/);
      assert.equal(learnt.text!.source.encode('haus').length, 1);
      assert.equal(given.text!.source.encode('haus').length, 2, 'hau and s');
    });
  });
});
