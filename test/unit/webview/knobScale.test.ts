import assert from 'node:assert/strict';
import type { NumberKnob } from '../../../src/settings/knob';
import { isLive, knob, knobNames, type LiveKnobName } from '../../../src/settings/knobs';
import { nextStop, positionOf, stopsOf } from '../../../webview/controls/knobScale';

const sliders = knobNames.flatMap(name => {
  const entry = knob(name);
  return isLive(name) && entry.kind === 'number' ? [{ name, entry }] : [];
});
/** The stops that are numbers. */
const numbersOf = (entry: NumberKnob) => stopsOf(entry).filter(stop => stop !== null);

describe('webview/controls/knobScale', () => {
  for (const { name, entry } of sliders) {
    it(`${name}: stops go up from the least to the most, and every one is found again`, () => {
      const stops = numbersOf(entry);
      assert.equal(stops[0], entry.min);
      assert.equal(stops.at(-1), entry.max);
      assert.ok(stops.length >= 15 && stops.length <= 250, `${stops.length} stops`);
      stops.forEach((stop, position) => {
        assert.equal(positionOf(stops, stop, entry.scale), position);
        assert.ok(position === 0 || stop > stops[position - 1]!);
        if (entry.integer) assert.ok(Number.isInteger(stop));
      });
    });

    it(`${name}: any value stands at the nearest stop, and arrows step over it`, () => {
      const stops = numbersOf(entry);
      for (let index = 1; index < stops.length - 1; index++) {
        const [low, high] = [stops[index]!, stops[index + 1]!];
        const close = low + (high - low) * 0.1;
        assert.equal(positionOf(stops, close, entry.scale), index, `${close}`);
        assert.equal(nextStop(stops, close, 1), high);
        assert.equal(nextStop(stops, close, -1), low);
      }
      assert.equal(nextStop(stops, entry.max, 1), entry.max);
      assert.equal(nextStop(stops, entry.min, -1), entry.min);
    });
  }

  it('ends with null where a knob accepts it: no bound, one block for all', () => {
    const nullable = sliders.filter(({ entry }) => stopsOf(entry).includes(null));
    assert.deepEqual(nullable.map(({ name }) => name), ['clipNorm', 'clipValue', 'blockSize', 'microbatch', 'memoryBudget']);
    for (const { entry } of nullable) {
      const stops = stopsOf(entry);
      assert.equal(stops.indexOf(null), stops.length - 1);
      assert.equal(positionOf(stops, null, entry.scale), stops.length - 1);
      assert.equal(positionOf(stops, entry.max, entry.scale), stops.length - 2);
      assert.deepEqual([nextStop(stops, entry.max, 1), nextStop(stops, null, 1), nextStop(stops, null, -1)], [null, null, entry.max]);
    }
  });

  it('leaves zero by the smallest value on a log scale', () => {
    const entry = knob('weightDecay') as NumberKnob;
    assert.deepEqual(stopsOf(entry).slice(0, 3), [0, 1e-6, 1.25e-6]);
  });

  it('has the values people write: 0.25 % density, 32 rows, momentum 0.9 and 0.999', () => {
    const values = {
      density: [0.0025, 0.01, 0.05], window: [32, 64, 512], momentum: [0.9, 0.95, 0.99, 0.999], beta2: [0.9, 0.99, 0.999, 0.9999],
      learningRate: [1e-3, 0.02, 0.5],
    };
    for (const [name, wanted] of Object.entries(values)) {
      const stops = stopsOf(knob(name as LiveKnobName) as NumberKnob);
      for (const value of wanted) assert.ok(stops.includes(value), `${name} ${value}`);
    }
  });
});
