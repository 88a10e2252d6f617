import assert from 'node:assert/strict';
import { knob, knobNames } from '../../../src/settings/knobs';
import { formatByteChange, formatBytes, formatDuration, formatFigure, formatShare, formatMilliseconds } from '../../../src/protocol/format';
import { boxValue, formatByteMark, formatBytesPerParameter, formatExactBytes, formatGroups, formatLoss, formatPercent, formatRate, formatSetting, valueOfBox } from '../../../webview/format';

/** Checks a formatter against a table of values and texts. */
function table(format: (value: number) => string, rows: readonly (readonly [value: number, text: string])[]): void {
  for (const [value, text] of rows) assert.equal(format(value), text, `of ${value}`);
}

describe('webview/format', () => {
  it('writes bytes with three significant digits in the largest unit that they fill', () => {
    table(formatBytes, [
      [0, '0 B'], [1, '1 B'], [1023, '1,023 B'], [1024, '1.00 KiB'], [940_584, '919 KiB'], [1_047_000, '1,022 KiB'], [1_048_575, '1.00 MiB'],
      [1_423_572, '1.36 MiB'],      [12.34 * 2 ** 20, '12.3 MiB'], [2 ** 30, '1.00 GiB'], [1.5 * 2 ** 40, '1.50 TiB'], [-349_000, '−341 KiB'],
    ]);
  });

  it('never loses more than half of the third digit of a byte count', () => {
    const units = { B: 1, KiB: 1024, MiB: 2 ** 20, GiB: 2 ** 30 };
    for (let bytes = 1; bytes < 2 ** 38; bytes = Math.ceil(bytes * 1.37)) {
      const [digits = '', unit = 'B'] = formatBytes(bytes).split(' ');
      const read = Number(digits.replace(',', '')) * units[unit as keyof typeof units];
      assert.ok(Math.abs(read - bytes) <= bytes * 0.0051, `${bytes} became ${digits} ${unit}`);
    }
  });

  it('gives differences their sign and says when there is none', () => {
    table(formatByteChange, [[0, 'no change'], [2048, '+2.00 KiB'], [-2048, '−2.00 KiB']]);
  });

  it('writes round figures of axes without empty zeros, and tooltips to the byte', () => {
    table(formatByteMark, [[0, '0 B'], [2 ** 23, '8 MiB'], [2.5 * 2 ** 20, '2.5 MiB'], [100 * 1024, '100 KiB']]);
    table(formatExactBytes, [[1, '1 byte'], [1_234_567, '1,234,567 bytes']]);
  });

  it('keeps the places of columns and never shows something as nothing', () => {
    table(formatBytesPerParameter, [[0, '0.00'], [0.001, '< 0.01'], [4, '4.00'], [128, '128.00'], [4096, '4,096']]);
    table(formatShare, [[0, '0.0 %'], [0.0001, '< 0.1 %'], [0.318, '31.8 %'], [1, '100.0 %']]);
  });

  it('writes fractions, losses, rates and times', () => {
    table(formatPercent, [[0, '0 %'], [0.0025, '0.25 %'], [0.5, '50 %'], [0.9412, '94.1 %'], [1, '100 %'], [0.00001, '< 0.01 %']]);
    table(formatLoss, [[0.2314, '0.2314'], [2.3, '2.300'], [0, '0.000'], [0.000123456, '1.235e-4'], [Number.NaN, 'NaN']]);
    table(formatFigure, [[0, '0'], [0.4123, '0.412'], [1, '1'], [-0.25, '−0.25'], [999.6, '1000'], [12_345, '12345'], [123_456, '1.23e+5'], [0.00012, '1.20e-4'], [1e12, '1.00e+12']]);
    table(formatRate, [[9.5, '9.5'], [950, '950'], [9559, '9,560']]);
    table(formatMilliseconds, [[13.42, '13.4 ms'], [999.9, '1.00 s'], [12_345, '12.3 s']]);
    table(formatDuration, [
      [0, '0.0 s'], [9949, '9.9 s'], [9950, '10 s'], [59_400, '59 s'], [59_600, '1 min 00 s'], [185_000, '3 min 05 s'], [3_599_600, '1 h 00 min'],
      [7_620_000, '2 h 07 min'], [273_600_000, '3 d 04 h'],
    ]);
  });

  it('writes settings in the unit people use', () => {
    assert.equal(formatSetting('density', 0.0025), '0.25 %');
    assert.equal(formatSetting('density', 0.07), '7 %');
    assert.equal(formatSetting('learningRate', 1e-7), '1e-7');
    assert.equal(formatSetting('window', 1024), '1024');
    assert.equal(formatSetting('errorFeedback', false), 'off');
    assert.equal(formatSetting('blockSize', null), 'one global block');
    assert.equal(formatSetting('optimizer', 'sgd'), 'sgd');
    assert.equal(formatSetting('clipNorm', null), 'off');
    assert.equal(formatSetting('clipNorm', 1e-6), '1e-6');
    assert.equal(formatSetting('errorFeedbackBits', 4), '4');
    assert.equal(formatSetting('groups', []), 'none');
  });

  it('says of each parameter group which tensors and what', () => {
    assert.deepEqual(formatGroups([
      { match: 'bias$', weightDecay: 0 }, { dimensions: 1, exact: true }, { match: '^conv', dimensions: 4, learningRateScale: 0.1, exact: false }, { weightDecay: 1e-3 }, { match: 'x' },
    ]), ['bias$: weight decay 0', '1-D: kept exactly', '^conv, 4-D: learning rate × 0.1, compressed', 'all: weight decay 0.001', 'x: as the rest']);
  });

  it('reads back from the number box exactly what it wrote there', () => {
    for (const name of knobNames) {
      const entry = knob(name);
      if (entry.kind !== 'number') continue;
      for (const value of [entry.min, entry.max, entry.default ?? entry.min, entry.integer ? 3 : entry.max / 3 + entry.min * 2 / 3]) {
        const rounded = Number(value.toPrecision(12));
        assert.equal(valueOfBox(name, boxValue(name, rounded)), rounded, `${name} ${rounded}`);
      }
    }
  });

  it('takes no word and no emptiness for a number', () => {
    for (const text of ['', ' ', 'e', '-', '1,5', 'Infinity']) assert.equal(valueOfBox('density', text), undefined, `"${text}"`);
    for (const text of ['', ' ']) assert.equal(valueOfBox('clipNorm', text), null, 'where emptiness means something');
    assert.equal(valueOfBox('clipNorm', 'e'), undefined);
  });
});
