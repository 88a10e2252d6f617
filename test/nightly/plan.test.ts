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

/** Mean and variance of 1,808 channels, of which two are there while they are replaced. */
const statistics = 8 * 1808;
const budgetBytes = 8e6;

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
      const decided = plan.front.find(({ changes, storedBytes }) => storedBytes <= budgetBytes - statistics && changes['recompute'] !== 'budget')!;
      const beyond = (await measuredSteps(settingsOf(decided))).storedBytes - decided.storedBytes;
      assert.ok(beyond >= 0 && beyond <= statistics, `${decided.words}: ${beyond} beyond ${decided.storedBytes}`);
    } finally {
      estimator.dispose();
      modules.remove();
    }
  });
});
