import assert from 'node:assert/strict';
import { loadBackend } from '../../../src/backends/loadBackend';
import { parityReport } from '../../../src/bench/lossParity/parityReport';
import { findings, runParity, spreadOf, type ParityResult } from '../../../src/bench/lossParity/parityStudy';
import type { ParityOutcome } from '../../../src/bench/lossParity/trainVariant';
import { parityModels } from '../../../src/bench/lossParity/variants';
import { asColourImages } from '../../../src/data/colourImages';
import { cifarTreatment } from '../../../src/data/cifar';
import { digitImages } from '../../../src/data/digits';
import { imageDataset } from '../../../src/data/images';
import { assets } from '../../support/assets';
import { assertWellFormed } from '../../support/wellFormed';

describe('loss parity', function () {
  this.timeout(120_000);

  it('a few steps of a slim network on real digits: recomputing gives the same losses, the others nearly', async () => {
    const backend = await loadBackend('wasm', { assets });
    const dataset = imageDataset(asColourImages(digitImages(assets)), cifarTreatment);
    const seen: string[] = [];
    const variants = parityModels['wrn-10-1'].recipe.variants.filter(({ name }) => name !== 'half-master' && name !== 'sparse-70');
    const problem = { model: 'wrn-10-1', dataset, steps: 2, validationExamples: 32 } as const;
    const result = await runParity(problem, [1], backend, assets, new AbortController().signal, (_, { name }, done, total) => { seen.push(`${name} ${done}/${total}`); }, variants);
    assert.deepEqual([seen[0], seen.at(-1)], ['baseline 0/6', 'all 5/6']);
    const found = new Map(findings(result).map(finding => [finding.variant.name, finding]));
    assert.ok(found.get('recompute')!.isIdentical && found.get('recompute')!.holds);
    for (const name of ['microbatch', 'half-activations', 'half', 'all']) assert.ok(!found.get(name)!.isIdentical, `${name} computes something else`);
    const losses = new Map(result.results.map(({ variant, outcomes }) => [variant.name, outcomes[0]!.losses]));
    // The first batch has met no update yet: only rounding of what is stored, or statistics of slices, can differ.
    const apart = (name: string) => Math.abs(losses.get(name)![0]! - losses.get('baseline')![0]!);
    assert.ok(apart('half-activations') < 1e-5 && apart('half') < 0.01 && apart('microbatch') < 0.5);
    const bytes = new Map(result.results.map(({ variant, outcomes }) => [variant.name, outcomes[0]!.activationBytes]));
    assert.ok(bytes.get('all')! < bytes.get('recompute')! && bytes.get('recompute')! < bytes.get('baseline')!);
  });

  const outcome = (validationLoss: number): ParityOutcome => ({ losses: [2, validationLoss], validationLoss, accuracy: 0.5, activationBytes: 1e6, skipped: 0 });
  const resultOf = (losses: Readonly<Record<string, readonly number[]>>): ParityResult => ({
    problem: { model: 'wrn-10-1', dataset: imageDataset(asColourImages(digitImages(assets)), cifarTreatment), steps: 2, validationExamples: 10 }, seeds: [1, 2],
    results: parityModels['wrn-10-1'].recipe.variants.filter(({ name }) => name in losses).map(variant => ({ variant, outcomes: losses[variant.name]!.map(outcome) })),
  });

  it('compares seed by seed, and holds each technique to its margin', () => {
    const [baseline, recompute, half] = findings(resultOf({ baseline: [1, 3], recompute: [1, 3], half: [1.2, 2.8] }));
    assert.deepEqual([baseline!.holds, recompute!.isIdentical, half!.isIdentical], [true, true, false]);
    assert.ok(Math.abs(half!.difference.mean) < 1e-12 && half!.holds);
    assert.ok(Math.abs(half!.difference.deviation - Math.sqrt(0.08)) < 1e-12);
    assert.deepEqual(findings(resultOf({ baseline: [1, 3], recompute: [1, 3.0000001], half: [1.2, 3.2] })).map(({ holds }) => holds), [true, false, false]);
    assert.deepEqual(spreadOf([4]), { mean: 4, deviation: 0 });
  });

  it('reports a table and curves, and whether all holds', () => {
    const steps = 12;
    const long = (losses: Readonly<Record<string, readonly number[]>>) => {
      const result = resultOf(losses);
      return { ...result, results: result.results.map(each => ({ ...each, outcomes: each.outcomes.map(one => ({ ...one, losses: Array.from({ length: steps }, (_, step) => 2 / (1 + step)) })) })) };
    };
    const good = parityReport([long({ baseline: [1, 3], recompute: [1, 3] })], { machine: 'a machine', backend: 'wasm' });
    assert.ok(good.holds);
    for (const text of ['| recompute per block | 2.000 ± 1.414 | identical |', 'seeds 1, 2', 'a machine', '![Training loss']) assert.ok(good.markdown.includes(text), text);
    assertWellFormed(good.pictures['wrn-10-1-loss.svg']!);
    const bad = parityReport([long({ baseline: [1, 3], half: [2, 4] })], { machine: 'a machine', backend: 'wasm' });
    assert.ok(!bad.holds && bad.markdown.includes('**no**'));
  });
});
