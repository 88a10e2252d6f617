import assert from 'node:assert/strict';
import { InputError } from '../../../src/settings/problem';
import { parseRunFile, resolveRunFile } from '../../../src/settings/runFile';

function place(text: string, read: (text: string) => unknown = parseRunFile): { line: number | undefined; column: number | undefined; message: string } {
  try {
    read(text);
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

  it('reads the section memory as an object, with dots, or beside the others: all say the same', () => {
    const same = { microbatch: 10, recompute: 'block' };
    for (const text of ['{"microbatch": 10, "recompute": "block"}', '{"memory": {"microbatch": 10, "recompute": "block"}}', '{"memory.microbatch": 10, "memory": {"recompute": "block"}}']) {
      assert.deepEqual(parseRunFile(text), same);
    }
    assert.deepEqual(parseRunFile('{"optimizer": "sgd", "memory": {}}'), { optimizer: 'sgd' });
  });

  it('reads the section text in the same ways', () => {
    const same = { data: 'messages', batchTokens: 4000, merges: 500 };
    for (const text of ['{"data": "messages", "batchTokens": 4000, "merges": 500}', '{"data": "messages", "text": {"batchTokens": 4000, "merges": 500}}', '{"data": "messages", "text.batchTokens": 4000, "text": {"merges": 500}}']) {
      assert.deepEqual(parseRunFile(text), same);
    }
  });

  it('resolves what a file says alone, and places what is wrong with it together', () => {
    assert.equal(resolveRunFile('{"batchSize": 32, "memory": {"microbatch": 8}}').settings.microbatch, 8);
    assert.deepEqual(parseRunFile('{"microbatch": 100}'), { microbatch: 100 }, 'the batch may come from elsewhere');
    const { line, column, message } = place('{\n  "memory": {\n    "microbatch": 100\n  }\n}', resolveRunFile);
    assert.deepEqual([line, column], [3, 5]);
    assert.match(message, /microbatch is 100, but batchSize is 64/);
  });

  const refused: [what: string, text: string, line: number, column: number, message: RegExp][] = [
    ['an out-of-range value', '{\n  "preset": "digits-mlp",\n  "density": 2\n}', 3, 3, /density is 2.*0\.0001 to 1/],
    ['an unknown setting', '{\n  "preset": "digits-mlp",\n    "densty": 0.1\n}', 3, 5, /Did you mean "density"/],
    ['a missing comma', '{\n  "window": 8\n  "density": 0.1\n}', 3, 3, /Malformed JSON/],
    ['an unclosed object', '{\n  "window": 8', 2, 14, /Malformed JSON/],
    ['an empty file', '', 1, 1, /empty/],
    ['a list', '[1]', 1, 1, /JSON object/],
    ['text after the object', '{}\n}', 2, 1, /Malformed JSON/],
    ['a value in a section', '{\n  "memory": {\n    "microbatch": 0\n  }\n}', 3, 5, /microbatch is 0, but must be a whole number from 1 to 8192, or null/],
    ['an unknown setting of a section', '{\n  "memory": { "recomputeLayer": [] }\n}', 2, 15, /"recomputeLayer" is not a setting of the section memory\. Did you mean "recomputeLayers"/],
    ['a setting in another section', '{\n  "memory": { "density": 0.1 }\n}', 2, 15, /density is a setting, but not of the section memory\. Move it out/],
    ['a setting that is given twice', '{\n  "microbatch": 5,\n  "memory": { "microbatch": 10 }\n}', 3, 15, /microbatch is given twice: microbatch is 5, and memory\.microbatch is 10\./],
    ['a setting that is given twice, with dots', '{\n  "memory": { "microbatch": 10 },\n  "memory.microbatch": 5\n}', 3, 3, /memory\.microbatch is 10, and memory\.microbatch is 5\./],
    ['a section that is no object', '{\n  "memory": 10\n}', 2, 3, /memory is 10, but must be an object with some of microbatch, recompute/],
    ['two settings that cannot be together', '{\n  "optimizer": "muon",\n  "memory": { "weightDensity": 0.3 }\n}', 3, 15, /weightDensity is 0\.3, but the optimizer is "muon"/],
    ['a value in the section text', '{\n  "text": {\n    "merges": -1\n  }\n}', 3, 5, /merges is -1, but must be a whole number from 0 to 100000/],
    ['a section text that is no object', '{\n  "text": "train.de"\n}', 2, 3, /text is "train\.de", but must be an object with some of batchTokens, maxTokens.*\{"batchTokens": 4000\}/],
    ['a file that nothing reads', '{\n  "data": "messages",\n  "text": { "sourceFile": "a.txt" }\n}', 3, 13, /nothing would read it/],
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
