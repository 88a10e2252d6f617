import assert from 'node:assert/strict';
import { benchOptimizers, benchSettings, type BenchRow } from '../../../src/bench/optimizers/optimizersBench';
import { assets } from '../../support/assets';

describe('the bench of the optimizers', () => {
  const request = { assets, overrides: {}, longestStepMs: Infinity, signal: new AbortController().signal, note: () => undefined };

  it('takes the windows of the published experiments, and what it is told over them', () => {
    assert.deepEqual((['sparse-mfac', 'low-rank-ggt', 'micro-adam'] as const).map(recipe => benchSettings(recipe, {}).window), [1024, 100, 10]);
    assert.deepEqual([benchSettings('ggt', { window: 7 }).window, benchSettings('ggt', { window: 7 }).optimizer], [7, 'ggt']);
  });

  it('leaves out what would take too long a step, judged by a smaller size, and says so', async () => {
    const said: string[] = [];
    const rows: BenchRow[] = [];
    for await (const row of benchOptimizers({ ...request, recipes: ['sgd'], dimensions: [2000, 1000], longestStepMs: 0, skipped: what => { said.push(what); } })) rows.push(row);
    assert.deepEqual(rows.map(({ dim }) => dim), [1000]);
    assert.equal(said.length, 1);
    assert.match(said[0]!, /^sgd, d = 2,000: a step took 0\.0 s at 1,000\. Name it with --recipe/);
  });

  it('does not begin where it has been interrupted', async () => {
    const controller = new AbortController();
    controller.abort();
    await assert.rejects(benchOptimizers({ ...request, recipes: ['sgd'], dimensions: [1000], signal: controller.signal, skipped: () => undefined }).next(), { name: 'AbortError' });
  });
});
