import assert from 'node:assert/strict';
import { unbroken } from '../../../webview/dom';

describe('webview: text that stays on one line', () => {
  const kept = ['30 %', '< 0.1 %', '≈ 3', '6.25 MiB', '512 B', '1,020 KiB', '405.563 MB', '1.23 GFLOP', '12.5 ms', '0.8 s', '3 min', '2 h', '4 d'];
  for (const figure of kept) {
    it(`${figure}, within a sentence too`, () => {
      assert.equal(unbroken(figure), figure.replaceAll(' ', '\u00a0'));
      assert.equal(unbroken(`up to (${figure}), then on`), `up to (${figure.replaceAll(' ', '\u00a0')}), then on`);
    });
  }

  for (const words of ['2 buffers', '3 small layers', '5 Blocks', '100 steps', 'a % of', 'layer 4 dense', '4 s2', '']) {
    it(`not ${words === '' ? 'nothing' : words}`, () => assert.equal(unbroken(words), words));
  }
});
