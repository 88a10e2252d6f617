import assert from 'node:assert/strict';
import path from 'node:path';
import { readLines } from '../../../../src/data/text/readLines';
import type { InputError } from '../../../../src/settings/problem';
import { withFiles } from '../../../support/textFiles';

const read = (content: string | Uint8Array) => withFiles({ 'a.txt': content }, folder => readLines(path.join(folder, 'a.txt'), 'sourceFile'));

describe('data: lines of a text file', () => {
  for (const [what, content, lines] of [
    ['end with line feeds', 'eins\nzwei\n', ['eins', 'zwei']],
    ['end with both characters', 'eins\r\nzwei\r\n', ['eins', 'zwei']],
    ['need no last end', 'eins\nzwei', ['eins', 'zwei']],
    ['may be empty', '\n\neins\n\n', ['', '', 'eins', '']],
    ['have no byte order mark', '\ufeffgrün\n\ufeffblau\n', ['grün', '\ufeffblau']],
    ['may hold other separators', 'a\u2028b\u0085c\fd\n', ['a\u2028b\u0085c\fd']],
    ['may be none', '', []],
  ] as const) {
    it(what, () => { assert.deepEqual(read(content), lines); });
  }

  for (const [what, content, message] of [
    ['in Latin-1', Buffer.from('eins\nzwei\ngrün\n', 'latin1'), /a\.txt:3: the line is not UTF-8\. Save the file as UTF-8\.$/],
    ['cut within a character', Buffer.from('eins\ngrün').subarray(0, 8), /a\.txt:2: the line is not UTF-8/],
    ['in UTF-16', Buffer.from('eins\nzwei\n', 'utf16le'), /a\.txt:1: the line holds a zero byte, so this is no text, or text in UTF-16/],
    ['with a zero byte in it', 'eins\nzwei\ndr\0ei\n', /a\.txt:3: the line holds a zero byte/],
  ] as const) {
    it(`are refused ${what}, with file and line`, () => { assert.throws(() => read(content), message); });
  }

  it('are refused where there is no file', () => {
    assert.throws(() => readLines('/nowhere/a.txt', 'sourceFile'), (error: InputError) => {
      assert.match(error.message, /sourceFile is \/nowhere\/a\.txt, which cannot be read \(ENOENT/);
      return error.problems[0]!.field === 'sourceFile';
    });
  });
});
