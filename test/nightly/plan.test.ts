import assert from 'node:assert/strict';
import { makePlan } from '../../src/planning/makePlan';
import type { PlanPoint } from '../../src/protocol/plan';
import { planLimits } from '../../src/protocol/planningWire';
import type { Settings } from '../../src/settings/knobs';
import { resolveSettings } from '../../src/settings/validate';
import { Estimator } from '../../src/trainer/estimate/estimator';
import { assets } from '../support/assets';
import { colourNoise } from '../support/colourNoise';
import { measuredSteps } from '../support/measuredStep';
import { moduleFolder } from '../support/ownModule';

const budgetBytes = 8e6;

describe('the plan for pairs of sentences, counted as arXiv 1904.10631 counts', function () {
  this.timeout(600_000);

  it('keeps a real run within its budget', async () => {
    const estimator = new Estimator({ assets });
    try {
      const given = resolveSettings({ model: 'dynamicconv-tiny', data: 'messages', optimizer: 'adamw', merges: 300, maxTokens: 40, batchTokens: 400, backend: 'wasm' });
      const plan = await makePlan(estimator, given, planLimits.parse({ budgetBytes: 6e6, counted: 'stored' }));
      const chosen = plan.front[plan.chosen!]!;
      const { storedBytes } = await measuredSteps({ ...given, ...chosen.changes });
      assert.ok(plan.given.storedBytes > 6e6 && storedBytes <= 6e6 && Math.abs(chosen.storedBytes - storedBytes) <= 0.05 * storedBytes, `${chosen.words}: ${storedBytes} of ${chosen.storedBytes} claimed`);
    } finally {
      estimator.dispose();
    }
  });
});

describe('the plan for WRN-28-2 with a batch of 100 within 8 MB, counted as arXiv 1904.10631 counts', function () {
  this.timeout(1_800_000);

  it('finds a combination that a real run confirms, and says to the byte what it stores where the cuts are decided', async () => {
    const modules = moduleFolder();
    const estimator = new Estimator({ assets });
    try {
      const given = resolveSettings({ model: 'wrn-28-2', data: 'module', module: modules.write(colourNoise(240)), optimizer: 'sgd', learningRate: 0.1, momentum: 0.9, batchSize: 100, backend: 'wasm' });
      const plan = await makePlan(estimator, given, planLimits.parse({ budgetBytes, counted: 'stored' }));
      assert.ok(plan.given.storedBytes > 50 * budgetBytes && plan.weighed > 10_000);
      const settingsOf = ({ changes }: PlanPoint) => ({ ...given, ...changes }) as Settings;
      const chosen = plan.front[plan.chosen!]!;
      const measured = await measuredSteps(settingsOf(chosen));
      assert.ok(measured.storedBytes <= budgetBytes, `${chosen.words}: ${measured.storedBytes}`);
      const decided = plan.front.find(({ changes, storedBytes }) => storedBytes <= budgetBytes && changes['recompute'] !== 'budget')!;
      assert.equal((await measuredSteps(settingsOf(decided))).storedBytes, decided.storedBytes, decided.words);
    } finally {
      estimator.dispose();
      modules.remove();
    }
  });
});
