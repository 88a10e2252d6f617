import assert from 'node:assert/strict';
import { makePlan } from '../../../src/planning/makePlan';
import { largestBatch } from '../../../src/planning/largestBatch';
import { combined } from '../../../src/planning/option';
import { compareRisk, covers } from '../../../src/planning/pareto';
import type { PlanSource } from '../../../src/planning/planSource';
import { stateOptions } from '../../../src/planning/stateLevers';
import { plan as planSchema, type Plan, type PlanPoint } from '../../../src/protocol/plan';
import { planLimits, type PlanLimits } from '../../../src/protocol/planningWire';
import type { Settings } from '../../../src/settings/knobs';
import { resolveSettings } from '../../../src/settings/validate';
import { Estimator } from '../../../src/trainer/estimate/estimator';
import { remembered } from '../../../src/trainer/estimate/weighRun';
import type { StepTimes } from '../../../src/trainer/probe/stepProbes';
import { storedBytes } from '../../../src/protocol/samples';
import { isPossible } from '../../../src/planning/possible';
import { assets } from '../../support/assets';
import { measuredSteps } from '../../support/measuredStep';

const images = resolveSettings({ model: 'wrn-10-1', optimizer: 'sgd', momentum: 0.9, batchSize: 8, backend: 'wasm' });
const pairs = resolveSettings({ model: 'dynamicconv-tiny', data: 'messages', optimizer: 'adamw', merges: 300, maxTokens: 40, batchTokens: 400, backend: 'wasm' });

describe('a plan', function () {
  this.timeout(120_000);
  const estimator = new Estimator({ assets });
  after(() => { estimator.dispose(); });
  /** Step times are measured once, so that plans of the same settings can be compared. */
  const times = new Map<string, Promise<StepTimes>>();
  const source: PlanSource = {
    estimate: (...asked) => estimator.estimate(...asked), modelCosts: (...asked) => estimator.modelCosts(...asked),
    stepTimes: (settings, ...asked) => remembered(times, JSON.stringify(settings), () => estimator.stepTimes(settings, ...asked)),
  };
  const planFor = (settings: Settings, limits: Partial<PlanLimits> = {}) => makePlan(source, settings, planLimits.parse(limits));
  const chosenOf = ({ front, chosen }: Plan): PlanPoint => front[chosen!]!;
  const settingsOf = (given: Settings, { changes }: PlanPoint) => ({ ...given, ...changes }) as Settings;

  for (const [name, given, budgetBytes, counted] of [['images', images, 0.9e6, 'stored'], ['images', images, 0.9e6, 'peak'], ['pairs of sentences', pairs, 6e6, 'peak']] as const) {
    it(`keeps a real run on ${name} within its budget, ${counted}`, async () => {
      const plan = await planFor(given, { budgetBytes, counted });
      const point = chosenOf(plan);
      const claimed = counted === 'peak' ? point.peakBytes : point.storedBytes;
      assert.ok(claimed <= budgetBytes && (counted === 'peak' ? plan.given.peakBytes : plan.given.storedBytes) > budgetBytes);
      const measured = await measuredSteps(settingsOf(given, point));
      const really = counted === 'peak' ? measured.peakBytes : measured.storedBytes;
      assert.ok(really <= budgetBytes, `${point.words}: ${really} of ${claimed} claimed`);
      assert.ok(Math.abs(claimed - really) <= 0.05 * claimed, `${point.words}: ${really} of ${claimed} claimed`);
    });
  }

  it('says what is stored to the byte, where no budget of recomputation leaves it to the run', async () => {
    const { front } = await planFor(images, { counted: 'stored' });
    const decided = front.filter(({ changes }) => changes['recompute'] !== 'budget' && changes['fusedUpdate'] !== true);
    for (const point of [decided[0], decided[decided.length >> 1], decided.at(-1)] as PlanPoint[]) {
      assert.equal((await measuredSteps(settingsOf(images, point))).storedBytes, point.storedBytes, point.words);
    }
  });

  it('shows no point that another beats, and for every combination tried by hand one that is no worse in bytes and risk', async () => {
    for (const counted of ['stored', 'peak'] as const) {
      const plan = await planFor(images, { counted });
      const weigh = (point: PlanPoint) => ({ bytes: counted === 'peak' ? point.peakBytes : point.storedBytes, ms: point.stepMs!, risk: point.risk, halvings: point.halvings });
      const points = plan.front.map(weigh);
      points.forEach((point, at) => { assert.ok(plan.front[at]!.words === 'as given' || !points.some((other, place) => place !== at && covers(other, point)), plan.front[at]!.words); });
      const slices = [{ change: {}, risk: 'same' as const, halvings: 0 }, { change: { microbatch: 2 }, risk: 'statistics' as const, halvings: 2 }];
      const cuts = (['none', 'block', 'sqrt'] as const).map(recompute => ({ change: { recompute }, risk: 'same' as const, halvings: 0 }));
      let tried = 0;
      for (const { change, ...others } of combined([slices, cuts, stateOptions(images)])) {
        const settings = { ...images, ...change };
        if (!isPossible(settings)) continue;
        const estimate = await estimator.estimate(settings, { bytesOnly: true });
        const bytes = counted === 'peak' ? estimate.peakBytes : storedBytes(estimate.storedPeak);
        assert.ok(points.some(point => point.bytes <= bytes && compareRisk(point, others) <= 0), JSON.stringify(change));
        tried++;
      }
      assert.ok(tried >= 200, `${tried}`);
    }
  });

  it('chooses what risks least, and of that the fastest; nothing where nothing fits', async () => {
    const plan = await planFor(images, { budgetBytes: 1.2e6, counted: 'stored' });
    const point = chosenOf(plan);
    for (const other of plan.front.filter(({ storedBytes: bytes }) => bytes <= 1.2e6)) assert.ok(compareRisk(point, other) < 0 || (compareRisk(point, other) === 0 && point.stepMs! <= other.stepMs!), other.words);
    assert.equal((await planFor(images, { budgetBytes: 100_000 })).chosen, undefined);
    assert.deepEqual(chosenOf(await planFor(images, { budgetBytes: 1e9 })).changes, {}, 'what fits already stays as it is');
  });

  it('keeps to the limits on risk and time', async () => {
    const same = await planFor(images, { mostRisk: 'same', counted: 'stored' });
    assert.ok(same.front.length > 1 && [...same.front, ...same.suggestions].every(({ risk }) => risk === 'same'));
    const most = 1.05 * (await planFor(images)).given.stepMs!;
    const quick = await planFor(images, { mostStepMs: most });
    assert.ok([...quick.front, ...quick.suggestions].every(({ stepMs }) => stepMs! <= most));
  });

  it('suggests single changes that save, those that save most first', async () => {
    const { given, suggestions } = await planFor(images, { counted: 'stored' });
    const words = suggestions.map(each => each.words);
    for (const each of ['recompute per block', 'float16 everything', 'microbatch 1', '90 % sparse', 'fused update']) assert.ok(words.includes(each), `${each} among ${words.join('; ')}`);
    assert.ok(suggestions.every(({ storedBytes: bytes }, at) => bytes < given.storedBytes && bytes >= (suggestions[at - 1]?.storedBytes ?? 0)));
  });

  it('finds the largest batch that fits: one example more does not', async () => {
    for (const [given, budgetBytes] of [[images, 3e6], [pairs, 30e6]] as const) {
      const { batchSize, unit, peakBytes } = (await largestBatch(source, given, planLimits.parse({ budgetBytes })))!;
      assert.equal(unit, given === pairs ? 'batchTokens' : 'batchSize');
      assert.equal((await estimator.estimate({ ...given, [unit]: batchSize })).peakBytes, peakBytes);
      assert.ok(peakBytes <= budgetBytes && (await estimator.estimate({ ...given, [unit]: batchSize + 1 })).peakBytes > budgetBytes, `${batchSize} ${unit}`);
    }
  });

  it('is the same every time for the same step times, tells how far it is, crosses the wire, and ends when it is asked to', async () => {
    const told: number[] = [];
    const first = await makePlan(source, images, planLimits.parse({}), { progress: (done, of) => { told.push(done / of); } });
    assert.ok(JSON.stringify(first) === JSON.stringify(await planFor(images)));
    assert.deepEqual(planSchema.parse(JSON.parse(JSON.stringify(first))), JSON.parse(JSON.stringify(first)));
    assert.ok(told.length > 3 && told.every(share => share >= 0 && share <= 1));
    const controller = new AbortController();
    const stopped = makePlan(source, images, planLimits.parse({}), { signal: controller.signal, progress: (_, __, what) => { if (what === 'weighing combinations') controller.abort(); } });
    await assert.rejects(stopped, { name: 'AbortError' });
  });
});
