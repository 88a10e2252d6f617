import assert from 'node:assert/strict';
import { loadWasmCompute } from '../../src/kernels/threads/loadWasmCompute';
import { gradientSource } from '../../src/bench/optimizers/gradients';
import { benchOptimizers, defaultRecipes, type BenchRow } from '../../src/bench/optimizers/optimizersBench';
import { panelsOf } from '../../src/optimizers/compressors/panelsOf';
import { defaultsFor } from '../../src/settings/knobs';
import { assets } from '../support/assets';
import { report } from '../support/benchReport';
import { quantile } from '../../src/bench/statistics';

async function rowsOf(recipes: readonly BenchRow['recipe'][], dimension: number): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const bench = benchOptimizers({
    recipes, dimensions: [dimension], longestStepMs: Infinity, overrides: {}, assets, signal: new AbortController().signal, note: () => undefined,
    skipped: what => { throw new Error(`left out ${what}`); },
  });
  for await (const row of bench) rows.push(row);
  return rows;
}

describe('bench: the optimizers', () => {
  it('S-MFAC at d = 1e7, window 1024, density 1 %', async function () {
    this.timeout(900_000);
    const [row] = await rowsOf(['sparse-mfac'], 1e7);
    assert.ok(row?.readWindowMs != null && row.plainJsMs != null);
    assert.deepEqual([row.window, row.density, row.stateBytes], [1024, 0.01, row.formulaBytes]);
    const { topK, dots, solve, combine } = row.parts;
    const words = Object.entries({ topK, dots, solve, combine }).map(([part, ms]) => `${part} ${ms?.toPrecision(3)}`).join(', ');
    report(`S-MFAC step, d 1e7, window 1024, 1 % (${row.stepMs.toPrecision(3)} ms on ${row.compute}: ${words})`, row.stepMs / row.readWindowMs, `x one read of its window (${row.readWindowMs.toPrecision(3)} ms)`, { atMost: 6 });
    report('S-MFAC step, times faster than plain JavaScript', row.plainJsMs / row.stepMs, 'x', { atLeast: 25 });
    report('S-MFAC solve, window 1024, its refresh included', solve ?? Number.NaN, 'ms', { atMost: 15 });
  });

  it('Top-K on one thread', async function () {
    this.timeout(120_000);
    const dimension = 1e7;
    const compute = loadWasmCompute(assets, { threads: 1 });
    const layout = panelsOf(defaultsFor('sparse-mfac'), { dimension, tensors: [{ name: 'w', shape: [dimension], start: 0, length: dimension }] });
    const [vector, row] = [compute.createVector(dimension), compute.createRow(layout, 'float32')];
    gradientSource(dimension).write(0, vector);
    const times = Array.from({ length: 15 }, () => {
      const begun = performance.now();
      compute.topK(vector, row);
      return performance.now() - begun;
    });
    await compute.close();
    report('Top-K at 1 %, one thread', 1e6 * quantile(times, 0.5) / dimension, 'ns an entry', { atMost: 5 });
  });

  it('every recipe at d = 1e5, its state equal to the formula', async function () {
    this.timeout(300_000);
    for (const { recipe, stepMs, stateBytes, formulaBytes, bytesPerParameter } of await rowsOf(defaultRecipes, 1e5)) {
      assert.equal(stateBytes, formulaBytes, recipe);
      report(`${recipe} step, d 1e5 (${bytesPerParameter.toPrecision(3)} B/parameter)`, stepMs, 'ms');
    }
  });
});
