import assert from 'node:assert/strict';
import { end, padding } from '../../../src/data/text/text';
import { continueText } from '../../../src/decoding/continueText';
import { tableModel } from './tableModel';

const settings = { length: 12, temperature: 0, seed: 1, context: 100 };

describe('decoding: continuations', () => {
  it('take the most probable token at temperature 0, up to an end', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const model = tableModel(6, seed, [0]);
      const found = await continueText(model, Int32Array.of(3, 4), settings);
      const wanted: number[] = [];
      while (wanted.length < 12) {
        const row = [...model.row(0, [3, 4, ...wanted])];
        row[padding] = Number.NEGATIVE_INFINITY;
        const best = row.indexOf(Math.max(...row));
        if (best === end) break;
        wanted.push(best);
      }
      assert.deepEqual(found, wanted);
    }
  });

  it('draw the same for the same seed, and each token as often as it is probable', async () => {
    const model = tableModel(8, 7, [0]);
    const drawn = (seed: number, temperature = 1) => continueText(model, new Int32Array(), { ...settings, temperature, seed, length: 1 });
    const long = (seed: number) => continueText(model, new Int32Array(), { ...settings, temperature: 1, seed });
    assert.deepEqual(await long(5), await long(5));
    const counts = new Array<number>(8).fill(0);
    for (let seed = 0; seed < 4000; seed++) {
      const token = (await drawn(seed))[0] ?? end;
      counts[token] = (counts[token] ?? 0) + 1;
    }
    const odds = [...model.row(0, [])].map((logit, token) => token === padding ? 0 : Math.exp(logit));
    const whole = odds.reduce((sum, odd) => sum + odd, 0);
    odds.forEach((odd, token) => { assert.ok(Math.abs(counts[token]! / 4000 - odd / whole) < 0.04, `token ${token}`); });
    const likeliest = odds.indexOf(Math.max(...odds));
    for (let seed = 0; seed < 50; seed++) assert.equal((await drawn(seed, 0.01))[0] ?? end, likeliest, 'a low temperature is nearly greedy');
  });

  it('show the model no more than it has seen in training', async () => {
    const lengths: number[] = [];
    const model = { logits: (_: Int32Array, length: number) => { lengths.push(length); return Promise.resolve(Float32Array.of(0, 0, 0, 9)); } };
    assert.deepEqual(await continueText(model, Int32Array.of(3), { ...settings, length: 5, context: 4 }), [3, 3, 3, 3, 3]);
    assert.deepEqual(lengths, [2, 3, 4, 4, 4]);
  });
});
