import assert from 'node:assert/strict';
import { digitsStudy } from '../../../src/bench/convergence/digitsStudy';
import { assets } from '../../support/assets';

describe('the digits as a study', () => {
  const study = digitsStudy('digits-mlp', assets);

  it('compares the M-FAC family, with and without error feedback, with SGD and Adam', () => {
    assert.deepEqual(study.methods.map(({ label, errorFeedback }) => `${label} ${errorFeedback ?? ''}`.trim()), [
      'SGD', 'Adam', 'M-FAC', 'S-MFAC, Top-K 5 % true', 'S-MFAC, Top-K 5 % false', 'S-MFAC, Top-K 1 % true', 'S-MFAC, Top-K 1 % false',
      'LR-MFAC, rank 4 true', 'LR-MFAC, rank 4 false', 'LR-MFAC, rank 2 true', 'LR-MFAC, rank 2 false', 'LR-MFAC, rank 1 true', 'LR-MFAC, rank 1 false',
    ]);
  });

  it('trains one epoch; a seed fixes the outcome', async () => {
    const [one, again] = [await study.run({ optimizer: 'adamw', learningRate: 0.01 }, 1), await study.run({ optimizer: 'adamw', learningRate: 0.01 }, 1)];
    assert.ok(one.accuracy! > 0.9 && one.loss < 0.4);
    assert.deepEqual(one, again);
    assert.equal(one.curve.length, 20);
    assert.ok(one.curve.at(-1)!.loss < one.curve[0]!.loss / 3);
  });

  it('a learning rate at which training breaks off counts as diverged', async () => {
    assert.equal((await study.run({ optimizer: 'sgd', learningRate: 100, weightDecay: 1 }, 1)).loss, Infinity);
  });
});
