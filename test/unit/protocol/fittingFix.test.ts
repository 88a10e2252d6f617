import assert from 'node:assert/strict';
import { fittingFix, type Fitting } from '../../../src/protocol/fittingFix';
import { defaultsFor, type Settings } from '../../../src/settings/knobs';

const base: Settings = { ...defaultsFor('sgd'), backend: 'wasm', batchSize: 64 };

/** Plain arithmetic in place of a model: 1,000 bytes an example, half with either technique, and what stays whatever is done. */
function peakOf({ batchSize, microbatch, recompute, activationPrecision, parameterPrecision }: Settings): number {
  const activations = 1000 * (microbatch ?? batchSize) * (recompute === 'none' ? 1 : 0.5) * (activationPrecision === 'float32' ? 1 : 0.5);
  return activations + (parameterPrecision === 'float32' ? 4000 : 2000);
}

function ask(changed: Partial<Settings>, fitting: Partial<Fitting>): { readonly asked: Settings[]; readonly answer: ReturnType<typeof fittingFix> } {
  const asked: Settings[] = [];
  const settings = { ...base, ...changed };
  const estimate = (each: Settings) => {
    asked.push(each);
    return Promise.resolve({ peakBytes: peakOf(each), examples: each.batchSize });
  };
  return { asked, answer: fittingFix({ settings, signal: new AbortController().signal, estimate, ...fitting }) };
}

describe('a fix for want of memory that fits', () => {
  const rows: readonly (readonly [budget: number, changes: Partial<Settings>, way: string])[] = [
    [40_000, { recompute: 'block' }, 'change'],
    [21_000, { recompute: 'block', microbatch: 32 }, 'change'],
    [13_000, { recompute: 'block', microbatch: 16 }, 'change'],
    [4600, { recompute: 'block', microbatch: 2, activationPrecision: 'float16' }, 'change'],
    [3100, { recompute: 'block', microbatch: 2, parameterPrecision: 'bfloat16' }, 'restart'],
  ];
  for (const [budgetBytes, changes, way] of rows) {
    it(`is the mildest within ${budgetBytes} bytes, and says what it takes`, async () => {
      const fix = await ask({}, { budgetBytes }).answer;
      assert.deepEqual([fix?.settings, fix?.way], [changes, way]);
      assert.equal(fix?.peakBytes, peakOf({ ...base, ...changes }));
      assert.match(fix.words, new RegExp(`${(fix.peakBytes / 1e6).toFixed(3)} MB, as estimated`));
    });
  }

  it('leaves room for what was measured beyond the estimate', async () => {
    const fix = await ask({}, { budgetBytes: 40_000, measuredBytes: peakOf(base) + 5000 }).answer;
    assert.deepEqual([fix?.settings, fix?.peakBytes], [{ recompute: 'block', microbatch: 32 }, 25_000]);
  });

  it('is none where nothing fits, nor one that is on already', async () => {
    assert.equal(await ask({}, { budgetBytes: 1000 }).answer, undefined);
    const fix = await ask({ recompute: 'block', microbatch: 8 }, { budgetBytes: 7000 }).answer;
    assert.deepEqual(fix?.settings, { microbatch: 4 });
  });

  it('is, without a budget, the one change that saves most and needs no new run', async () => {
    const fix = await ask({ batchSize: 3 }, {}).answer;
    assert.deepEqual([fix?.settings, fix?.way], [{ recompute: 'block' }, 'change']);
    assert.equal((await ask({ batchSize: 1, recompute: 'block', activationPrecision: 'float16' }, {}).answer)?.way, 'restart');
  });

  it('passes over what cannot be trained with, asks nothing that is not allowed, and breaks off when it is told to', async () => {
    const refusing: Fitting['estimate'] = each => each.recompute === 'block' ? Promise.reject(new Error('cannot be cut')) : Promise.resolve({ peakBytes: peakOf(each), examples: 64 });
    assert.deepEqual((await ask({}, { budgetBytes: 40_000, estimate: refusing }).answer)?.settings, { microbatch: 32 });
    const { asked, answer } = ask({ workers: 2 }, { budgetBytes: 40_000 });
    assert.equal(await answer, undefined);
    assert.ok(asked.every(({ microbatch, recompute }) => microbatch === null && recompute === 'none'), 'neither goes with several workers');
    await assert.rejects(ask({}, { budgetBytes: 1, signal: AbortSignal.abort(new Error('enough')) }).answer, /enough/);
  });
});
