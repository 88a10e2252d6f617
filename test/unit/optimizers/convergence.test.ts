import assert from 'node:assert/strict';
import type { Settings } from '../../../src/settings/knobs';
import type { Optimizer } from '../../../src/settings/optimizers';
import { minimize, quadratic, rosenbrock, softmaxRegression } from './problems';
import { settingsOf, variants } from './variants';

const mfacOn = { quadratic: { learningRate: 0.5, damping: 1 }, rosenbrock: { learningRate: 0.1, damping: 1 } };
const adamOn = { quadratic: { learningRate: 0.1 }, rosenbrock: { learningRate: 0.1 } };
const ggtOn = { quadratic: { learningRate: 1, epsilon: 0.1 }, rosenbrock: { learningRate: 0.1, epsilon: 0.1 } };
const tuned: Record<Optimizer, Record<'quadratic' | 'rosenbrock', Partial<Settings>>> = {
  'sgd': { quadratic: { learningRate: 0.5 }, rosenbrock: { learningRate: 1e-3 } },
  'adamw': adamOn, 'adamw-8bit': adamOn, 'soap': adamOn, 'adafactor': adamOn, 'muon': adamOn,
  'shampoo': { quadratic: { learningRate: 0.5 }, rosenbrock: { learningRate: 1e-3 } },
  'micro-adam': { quadratic: { learningRate: 0.03 }, rosenbrock: { learningRate: 0.03 } },
  'dense-mfac': mfacOn,
  'sparse-mfac': mfacOn,
  'low-rank-mfac': mfacOn,
  'ggt': ggtOn, 'sparse-ggt': ggtOn, 'low-rank-ggt': ggtOn,
};

describe('convergence', () => {
  for (const [name, variant] of Object.entries(variants)) {
    it(`${name} goes down a convex quadratic and Rosenbrock's valley`, () => {
      const settings = tuned[settingsOf(variant).optimizer];
      const bowl = quadratic(100, 0.01);
      assert.ok(minimize(bowl, { ...variant, weightDecay: 0, ...settings.quadratic }, 300) < bowl.loss(bowl.start) / 5);
      assert.ok(minimize(rosenbrock, { ...variant, weightDecay: 0, ...settings.rosenbrock }, 1000) < rosenbrock.loss(rosenbrock.start) / 5);
    });
  }

  it('at 1 % density error feedback comes close to dense M-FAC, and without it the loss stays more than twice as high', function () {
    this.timeout(60_000);
    const shared = { blockSize: null, window: 16, damping: 1e-3, density: 0.01 };
    for (const seed of [1, 2, 3]) {
      const problem = softmaxRegression(seed, { examples: 400, features: 40, batch: 32 });
      // Each at its own best learning rate: at a small one, smaller gradients make larger steps and would hide the loss.
      const best = (variant: Partial<Settings>) => Math.min(...[0.01, 0.03, 0.1].map(learningRate =>
        minimize(problem, { ...shared, ...variant, learningRate }, 300, true)));
      const [dense, fed, unfed] = [best({ optimizer: 'dense-mfac' }), best({ optimizer: 'sparse-mfac' }), best({ optimizer: 'sparse-mfac', errorFeedback: false })];
      const start = problem.loss(problem.start);
      assert.ok(fed - dense < 0.1 * (start - dense), `dense ${dense}, with error feedback ${fed}`);
      assert.ok(unfed > 2 * fed, `with error feedback ${fed}, without ${unfed}`);
    }
  });
});
