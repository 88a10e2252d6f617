import assert from 'node:assert/strict';
import path from 'node:path';
import { benchMemory } from '../../src/bench/memory/memoryBench';
import type { MemoryRow } from '../../src/bench/memory/memoryRow';
import { techniqueNames } from '../../src/bench/memory/memoryModels';
import { plainName } from '../../src/bench/memory/techniques';
import { assets } from '../support/assets';

describe('the memory of WRN-28-2 with a batch of 100', function () {
  this.timeout(3_600_000);

  it('is what was predicted for every technique, 405.6 MB without any, and 60.7 times less with the best', async () => {
    const rows: MemoryRow[] = [];
    const failures: string[] = [];
    const measured = benchMemory({
      models: ['wrn-28-2'], techniques: techniqueNames, backend: 'wasm', batch: 100, steps: 1, workspace: undefined,
      program: { file: path.join(assets, 'cli.js'), words: ['bench', 'memory', 'measure'] }, signal: new AbortController().signal, note: () => undefined, failed: what => { failures.push(what); },
    });
    for await (const row of measured) rows.push(row);
    assert.deepEqual(failures, []);
    const by = (name: string) => rows.find(({ technique }) => technique === name)!;
    // A budget is planned for the times that were measured, which the prediction does not know.
    for (const { technique, totalBytes, predictedTotalBytes } of rows.filter(({ technique }) => technique !== plainName && technique !== 'recompute-budget')) assert.equal(totalBytes, predictedTotalBytes, technique);
    const baseline = by('baseline');
    assert.deepEqual([baseline.modelBytes, baseline.optimizerBytes], [5_870_440, 11_740_880]);
    assert.ok(baseline.totalBytes! <= 405.6e6);
    assert.ok(by('recompute-block').activationBytes! <= 126e6);
    assert.ok(by('recompute-budget').activationBytes! <= 200e6 + 4 * 100 * 3073);
    assert.ok(by('sparse-70+half+microbatch-4+block').totalBytes! <= 6.68e6 && by('sparse-70+half+microbatch-4+block').ratio! >= 60.7);
    assert.ok(by(plainName).ratio! < 0.25);
  });
});
