import assert from 'node:assert/strict';
import { parseByteSize } from '../../../src/settings/byteSize';

describe('sizes as people write them', () => {
  it('are numbers with units of 1,000 or 1,024', () => {
    const sizes = { '2GB': 2e9, '8 MB': 8e6, '500MiB': 500 * 2 ** 20, '1.5gib': 1.5 * 2 ** 30, '4096': 4096, '7 b': 7, '0.5KB': 500, '3tb': 3e12 };
    for (const [text, bytes] of Object.entries(sizes)) assert.equal(parseByteSize(text, '--budget'), bytes, text);
  });

  it('that are none are refused with the field, the value and an example', () => {
    for (const text of ['', 'much', '8 XB', '-1MB', '1e3', '0', '0.0001KB', '9999999TB', 'MB', 'constructor', '1constructor']) {
      assert.throws(() => parseByteSize(text, '--budget'), { name: 'InputError', message: new RegExp(`^--budget is "${text}", but must be a size .* Write for example --budget 2GB`) }, text);
    }
  });
});
