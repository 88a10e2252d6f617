import assert from 'node:assert/strict';
import { InputError } from '../../../src/settings/problem';
import { parseRunFile } from '../../../src/settings/runFile';

function place(text: string): { line: number | undefined; column: number | undefined; message: string } {
  try {
    parseRunFile(text);
  } catch (error) {
    assert.ok(error instanceof InputError);
    const [{ line, column, message } = assert.fail('no problem')] = error.problems;
    return { line, column, message };
  }
  return assert.fail('nothing was refused');
}

describe('settings: run files', () => {
  it('reads JSON with comments and trailing commas', () => {
    assert.deepEqual(parseRunFile('{\n  // half\n  "density": 0.5,\n}'), { density: 0.5 });
  });

  const refused: [what: string, text: string, line: number, column: number, message: RegExp][] = [
    ['an out-of-range value', '{\n  "preset": "digits-mlp",\n  "density": 2\n}', 3, 3, /density is 2.*0\.0001 to 1/],
    ['an unknown setting', '{\n  "preset": "digits-mlp",\n    "densty": 0.1\n}', 3, 5, /Did you mean "density"/],
    ['a missing comma', '{\n  "window": 8\n  "density": 0.1\n}', 3, 3, /Malformed JSON/],
    ['an unclosed object', '{\n  "window": 8', 2, 14, /Malformed JSON/],
    ['an empty file', '', 1, 1, /empty/],
    ['a list', '[1]', 1, 1, /JSON object/],
    ['text after the object', '{}\n}', 2, 1, /Malformed JSON/],
    ['windows line ends', '{\r\n  "window": 0\r\n}', 2, 3, /window is 0/],
  ];
  for (const [what, text, line, column, message] of refused) {
    it(`places ${what} by line and column`, () => {
      const found = place(text);
      assert.deepEqual([found.line, found.column], [line, column], found.message);
      assert.match(found.message, message);
    });
  }
});
