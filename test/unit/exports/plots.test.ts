import assert from 'node:assert/strict';
import fc from 'fast-check';
import { linearAxis, logAxis } from '../../../src/exports/plots/axes';
import { contour } from '../../../src/exports/plots/contours';
import { lineChart, spread } from '../../../src/exports/plots/lineChart';
import { paretoFront, scatterChart } from '../../../src/exports/plots/scatterChart';
import { trajectoryChart } from '../../../src/exports/plots/trajectoryChart';
import { element } from '../../../src/exports/plots/svg';
import { assertWellFormed } from '../../support/wellFormed';

describe('plots', () => {
  it('axes map the ends of their range to the ends of the frame, with marks in between', () => {
    fc.assert(fc.property(fc.double({ min: 1e-6, max: 1e3, noNaN: true }), fc.double({ min: 1.2, max: 1e6, noNaN: true }), (from, factor) => {
      for (const axis of [linearAxis('x', from, from * factor, 10, 500), logAxis('y', from, from * factor, 500, 10)]) {
        assert.deepEqual([axis.at(from), axis.at(from * factor)].map(Math.round).sort((a, b) => a - b), [10, 500]);
        assert.ok(axis.ticks.length >= 1 && axis.ticks.length <= 40, `${axis.ticks.length} marks`);
        for (const tick of axis.ticks) assert.ok(axis.at(tick) >= 9.9 && axis.at(tick) <= 500.1);
      }
    }));
    assert.deepEqual(linearAxis('x', 0, 1000, 0, 1).ticks, [0, 200, 400, 600, 800, 1000]);
    assert.deepEqual(logAxis('y', 0.1, 100, 0, 1).ticks.map(tick => Number(tick.toPrecision(3))), [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]);
  });

  it('names of lines keep their order, stay in the frame and do not overlap', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 70, max: 380, noNaN: true }), { maxLength: 12 }), places => {
      const ascending = [...places].sort((a, b) => a - b);
      const moved = spread(ascending, 70, 384);
      moved.forEach((place, index) => {
        assert.ok(place >= 70 - 1e-9 && place <= 384 + 1e-9);
        if (index > 0) assert.ok(place - moved[index - 1]! >= 17 - 1e-9);
      });
    }));
    assert.deepEqual(spread([100, 200, 300], 70, 384), [100, 200, 300], 'those far apart stay where they are');
  });

  it('the level line of a round hill is a circle, closed', () => {
    const grid = { x: [-1, 1], y: [-1, 1], columns: 40, rows: 40 } as const;
    const segments = contour((x, y) => x * x + y * y, 0.47, grid);
    const ends = new Map<string, number>();
    for (const [x1, y1, x2, y2] of segments) {
      for (const [x, y] of [[x1, y1], [x2, y2]] as const) {
        assert.ok(Math.abs(Math.hypot(x, y) - Math.sqrt(0.47)) < 2e-3);
        const key = `${Math.round(1e6 * x) || 0} ${Math.round(1e6 * y) || 0}`;
        ends.set(key, (ends.get(key) ?? 0) + 1);
      }
    }
    assert.ok(segments.length > 40);
    assert.ok([...ends.values()].every(count => count === 2), 'every end meets another');
  });

  it('a saddle within one cell is cut according to its middle', () => {
    const cell = { x: [0, 1], y: [0, 1], columns: 1, rows: 1 } as const;
    const saddle = (middle: number) => contour((x, y) => (x === y ? 1 : -1) + middle, 0, cell);
    assert.equal(saddle(0.5).length, 2);
    // Above in the middle: the two low corners, (1, 0) and (0, 1), are cut off.
    for (const [x1, y1, x2, y2] of saddle(0.5)) assert.ok(Math.abs((x1 + x2) / 2 - (y1 + y2) / 2) > 0.5);
    // Below in the middle: the two high ones, (0, 0) and (1, 1).
    for (const [x1, y1, x2, y2] of saddle(-0.5)) assert.ok(Math.abs((x1 + x2) / 2 - (y1 + y2) / 2) < 1e-9);
  });

  it('the front is what nothing beats in both measures', () => {
    const points = [{ x: 1, y: 9 }, { x: 2, y: 5 }, { x: 2, y: 6 }, { x: 3, y: 5 }, { x: 4, y: 1 }, { x: 5, y: 3 }];
    assert.deepEqual(paretoFront(points), [{ x: 1, y: 9 }, { x: 2, y: 5 }, { x: 4, y: 1 }]);
    fc.assert(fc.property(fc.array(fc.record({ x: fc.nat(9), y: fc.nat(9) }), { minLength: 1, maxLength: 12 }), all => {
      const front = paretoFront(all);
      for (const one of all) assert.ok(front.some(({ x, y }) => x <= one.x && y <= one.y), 'something of the front is as good');
      for (const one of front) assert.ok(all.every(({ x, y }) => x > one.x || y > one.y || (x === one.x && y === one.y)), 'nothing beats it');
    }));
    const chart = scatterChart(points.map(({ x, y }) => ({ x, y, label: `<${x}, ${y}>`, color: 1 })), { title: 'a & b', description: 'c', xLabel: 'x', yLabel: 'y' });
    assertWellFormed(chart);
    assert.equal(chart.split('<circle').length - 1, points.length);
  });

  it('pictures are well-formed, say what they show, suit dark pages and escape what they are given', () => {
    const line = lineChart([
      { label: 'dense', points: [[0, 2], [10, 1]], color: 0, dashed: false }, { label: '1 % < "dense" & co', points: [[0, 2], [10, 1.01]], color: 2, dashed: true },
    ], { title: 'A & B', description: 'dense ends at 1', xLabel: 'step', yLabel: 'loss' });
    const paths = trajectoryChart([{ label: 'Adam', note: 'note', points: [[0, 0], [0.5, 0.5]], color: 1 }], {
      title: 'T', description: 'D', value: (x, y) => x * x + y * y, levels: [0.25], minimum: [0, 0], x: [-1, 1], y: [-1, 1],
    });
    for (const picture of [line, paths]) {
      assertWellFormed(picture);
      assert.match(picture, /<svg [^>]*role="img" aria-labelledby="title description"><title id="title">[^<]+<\/title><desc id="description">[^<]+<\/desc>/);
      assert.match(picture, /prefers-color-scheme:dark/);
      assert.doesNotMatch(picture, /NaN|undefined|Infinity/);
    }
    assert.match(line, /A &amp; B/);
    assert.match(line, /1 % &lt; &quot;dense&quot; &amp; co/);
    assert.equal((line.match(/stroke-dasharray/g) ?? []).length, 2, 'the dashed line and its key');
    assert.equal(element('a', { b: '"' }), '<a b="&quot;"/>');
  });
});
