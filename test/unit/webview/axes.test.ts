import assert from 'node:assert/strict';
import { byteMarkDistance } from '../../../webview/charts/byteMarks';
import { logMarks } from '../../../webview/charts/logMarks';
import { lanesOf } from '../../../webview/charts/markers';
import { niceRange } from '../../../webview/charts/niceRange';
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

  it('figures: a few marks from zero at round distances, the last not below the top', () => {
    for (let top = 1e-9; top < 1e9; top *= 1.37) {
      const { min, max, stepSize } = niceRange(top, 4);
      const steps = max / stepSize;
      assert.equal(min, 0);
      assert.ok(max >= top * (1 - 1e-8) && max <= 2 * top, `${top}: up to ${max}`);
      assert.ok(Math.abs(steps - Math.round(steps)) < 1e-9 && steps >= 2 && steps <= 4.0001, `${top}: ${steps} steps`);
      assert.ok(String(Number(stepSize.toPrecision(3))).replace(/e.*|[0.]/g, '').length <= 2);
    }
    assert.deepEqual(niceRange(1, 4), { min: 0, max: 1, stepSize: 0.25 });
    for (const none of [0, Number.NaN, Infinity]) assert.deepEqual(niceRange(none, 4), { min: 0, max: 1, stepSize: 0.25 });
  });

  it('changes: labels share a lane only where their marks are far apart', () => {
    assert.deepEqual(lanesOf([10, 100, 200], 50), [0, 0, 0]);
    assert.deepEqual(lanesOf([100, 110, 120, 130, 300], 50), [0, 1, 2, 0, 0]);
  });
});
