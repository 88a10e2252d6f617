import assert from 'node:assert/strict';
import { byteMarkDistance } from '../../../webview/charts/byteMarks';
import { logMarks } from '../../../webview/charts/logMarks';
import { lanesOf } from '../../../webview/charts/markers';
import { formatByteMark } from '../../../webview/format';

describe('webview/charts: marks of the axes', () => {
  it('bytes: few enough marks, at figures that are written short', () => {
    for (let bytes = 1; bytes < 2 ** 42; bytes = Math.ceil(bytes * 1.31)) {
      const distance = byteMarkDistance(bytes, 7);
      const marks = Math.ceil(bytes / distance);
      assert.ok(marks <= 7, `${bytes}: ${marks} marks`);
      if (bytes > 8) assert.ok(marks >= 3, `${bytes}: ${marks} marks`);
      assert.match(formatByteMark(distance), /^\d{1,3} /);
    }
  });

  it('logarithm: between two and ten marks within the range, however wide it is', () => {
    for (let low = 1e-6; low < 1e3; low *= 3.3) {
      for (const width of [1.6, 2, 3, 10, 50, 1e3, 1e5, 1e8]) {
        const marks = logMarks(low, low * width);
        assert.ok(marks.length >= 2 && marks.length <= 10, `${low} to ${low * width}: ${marks.join(' ')}`);
        assert.ok(marks.every((mark, index) => mark >= low && mark <= low * width && (index === 0 || mark > marks[index - 1]!)));
      }
    }
    assert.deepEqual(logMarks(0, 1), []);
    assert.deepEqual(logMarks(Number.NaN, 1), []);
  });

  it('changes: labels share a lane only where their marks are far apart', () => {
    assert.deepEqual(lanesOf([10, 100, 200], 50), [0, 0, 0]);
    assert.deepEqual(lanesOf([100, 110, 120, 130, 300], 50), [0, 1, 2, 0, 0]);
  });
});
