import assert from 'node:assert/strict';
import type { Backend } from '../../../src/backends/backend';
import { loadBackend } from '../../../src/backends/loadBackend';
import { gradientBytes, parametersBytes } from '../../../src/settings/formulas/packed';
import { parameterSpace } from '../../../src/settings/parameterSpace';
import { storedCounts } from '../../../src/settings/sparseTensors';
import { stateBytes, totalBytes } from '../../../src/settings/stateBytes';
import { assets } from '../../support/assets';
import { gradientsOf, packedRun, packedSettings, specifications, type Packed, type Variant } from './packedRun';

const sgd = { optimizer: 'sgd', momentum: 0.9, weightDecay: 0.01 } as const;

describe('trainer: bytes of a packed placement', () => {
  let backend: Backend;
  const runs: Packed[] = [];
  const start = (...options: Parameters<typeof packedRun> extends [unknown, ...infer Rest] ? Rest : never): Packed => {
    const run = packedRun(backend, ...options);
    runs.push(run);
    return run;
  };
  before(async () => { backend = await loadBackend('wasm', { assets }); });
  afterEach(() => { for (const run of runs.splice(0)) run.close(); });

  const combinations: readonly Variant[] = (['sgd', 'adamw', 'sparse-mfac'] as const).flatMap(optimizer => [1, 0.3, 0.02].flatMap(weightDensity =>
    (['float32', 'float16'] as const).flatMap(parameterPrecision => (parameterPrecision === 'float32' ? [false] : [false, true]).map(masterCopy => (
      { optimizer, momentum: 0.9, window: 3, weightDensity, parameterPrecision, momentPrecision: parameterPrecision, masterCopy, rewireEvery: 2 })))));
  for (const variant of combinations) {
    it(`are the predicted ones: ${JSON.stringify(variant)}`, async () => {
      const settings = packedSettings(variant);
      const run = start(variant);
      const check = (counts = storedCounts(settings, specifications)) => {
        const live = run.ledger.live();
        assert.deepEqual([live.parameters, live.gradients, live.optimizerState],
          [parametersBytes(settings, specifications, counts), gradientBytes(settings, specifications), totalBytes(stateBytes(settings, parameterSpace(specifications)))]);
        assert.deepEqual(run.placement.stateBytes(), stateBytes(settings, parameterSpace(specifications)));
      };
      check();
      const before = run.ledger.live().workspace;
      for (let step = 1; step <= 2; step++) await run.step(step, gradientsOf(specifications, step));
      check(run.placement.parts.parameters.layout.tensors.map(({ count }) => count));
      assert.equal(run.ledger.live().workspace, before, 'workspace is what it was');
      assert.equal(run.ledger.live().unattributed, 0);
    });
  }

  it('of WRN-28-2 at every sparsity of the table, and 2 bytes each in float16 with momentum', () => {
    // Of each of the 24 tensors floor(density * n + 0.1): up to 14 fewer in all than the density of their sum.
    const table = { 0.5: 741_850, 0.4: 596_687, 0.3: 451_532, 0.2: 306_384, 0.1: 161_229 };
    for (const [density, nonZeros] of Object.entries(table)) {
      const settings = packedSettings({ ...sgd, weightDensity: Number(density), parameterPrecision: 'float16', momentPrecision: 'float16' });
      assert.equal(storedCounts(settings, wideResNet).reduce((sum, count) => sum + count, 0), nonZeros);
      const mask = 1_451_520 / 8;
      assert.equal(parametersBytes(settings, wideResNet), 2 * nonZeros + mask);
      assert.equal(gradientBytes(settings, wideResNet), 2 * nonZeros);
      assert.deepEqual(stateBytes(settings, parameterSpace(wideResNet)), { velocity: 2 * nonZeros });
      if (density !== '0.3') continue;
      const run = start({ ...sgd, weightDensity: 0.3, parameterPrecision: 'float16', momentPrecision: 'float16' }, wideResNet);
      const { parameters, gradients, optimizerState } = run.ledger.live();
      assert.deepEqual([parameters, gradients, optimizerState], [2 * nonZeros + mask, 2 * nonZeros, 2 * nonZeros]);
    }
  });

  it('what is lent is workspace, of the tensors of one node, and gone afterwards', () => {
    const run = start({ ...sgd, weightDensity: 0.3, parameterPrecision: 'float16' });
    const before = run.ledger.live();
    const during = run.placement.weights.lend([2, 3], lent => {
      assert.deepEqual(lent.map(({ shape }) => shape), [[3, 3, 40, 50], [50]]);
      return run.ledger.live();
    });
    assert.equal(during.workspace - before.workspace, 4 * (18_000 + 50));
    assert.equal(during.parameters, before.parameters);
    assert.deepEqual(run.ledger.live(), before);
    assert.throws(() => { run.placement.weights.lend([2], () => { throw new Error('stop'); }); }, /stop/);
    assert.deepEqual(run.ledger.live(), before);
  });
});

/** The tensors of WRN-28-2 (notes of the table: 1,467,610 parameters). */
const wideResNet = (() => {
  const tensors: { name: string; shape: number[]; deviation: number }[] = [];
  const add = (name: string, ...shape: number[]) => { tensors.push({ name, shape, deviation: 0.1 }); };
  const norm = (name: string, width: number) => { add(`${name}/gamma`, width); add(`${name}/beta`, width); };
  add('stem/kernel', 3, 3, 3, 16);
  let width = 16;
  for (const [group, next] of [[1, 32], [2, 64], [3, 128]] as const) {
    for (let block = 1; block <= 4; block++) {
      norm(`${group}.${block}/norm1`, width);
      add(`${group}.${block}/conv1`, 3, 3, width, next);
      norm(`${group}.${block}/norm2`, next);
      add(`${group}.${block}/conv2`, 3, 3, next, next);
      if (width !== next) add(`${group}.${block}/shortcut`, 1, 1, width, next);
      width = next;
    }
  }
  norm('norm', 128);
  add('head/kernel', 128, 10);
  add('head/bias', 10);
  return tensors;
})();
