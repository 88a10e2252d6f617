import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { createOptimizer } from '../../../src/optimizers/optimizer';
import { checkSchedule, learningRateAt } from '../../../src/optimizers/schedule';
import { defaults, type Settings } from '../../../src/settings/knobs';
import { InputError } from '../../../src/settings/problem';
import { settingsOf } from './variants';

const schedules = ['constant', 'linear', 'cosine', 'step', 'inverse-sqrt'] as const;
const rates = (settings: Partial<Settings>, steps: readonly number[], totalSteps?: number) =>
  steps.map(step => learningRateAt({ ...defaults, learningRate: 8, ...settings }, step, totalSteps));
const areNear = (actual: readonly number[], expected: readonly number[]) =>
  assert.ok(actual.length === expected.length && actual.every((value, at) => Math.abs(value - expected[at]!) < 1e-12), `${actual.join(', ')} for ${expected.join(', ')}`);

describe('learning-rate schedules, by hand', () => {
  it('constant', () => areNear(rates({}, [1, 2, 1e6]), [8, 8, 8]));
  it('linear: full at step 1, zero at the last and after', () => areNear(rates({ schedule: 'linear' }, [1, 2, 3, 4, 5, 6], 5), [8, 6, 4, 2, 0, 0]));
  it('cosine: half way down in the middle', () => areNear(rates({ schedule: 'cosine' }, [1, 2, 3, 4, 5, 9], 5), [8, 4 + 4 * Math.SQRT1_2, 4, 4 - 4 * Math.SQRT1_2, 0, 0]));
  it('step: cut after every so many steps', () => areNear(rates({ schedule: 'step', stepEvery: 2, stepFactor: 0.5 }, [1, 2, 3, 4, 5, 6, 7]), [8, 8, 4, 4, 2, 2, 1]));
  it('inverse-sqrt', () => areNear(rates({ schedule: 'inverse-sqrt' }, [1, 4, 16, 64]), [8, 4, 2, 1]));

  it('warm-up rises in proportion, then each schedule starts from its full value', () => {
    areNear(rates({ warmupSteps: 4 }, [1, 2, 3, 4, 5, 6]), [2, 4, 6, 8, 8, 8]);
    areNear(rates({ warmupSteps: 4, schedule: 'linear' }, [1, 2, 3, 4, 5, 6, 7, 8], 8), [2, 4, 6, 8, 6, 4, 2, 0]);
    areNear(rates({ warmupSteps: 4, schedule: 'cosine' }, [2, 4, 6, 8], 8), [4, 8, 4, 0]);
    areNear(rates({ warmupSteps: 4, schedule: 'step', stepEvery: 2, stepFactor: 0.25 }, [2, 4, 5, 6, 7, 8, 9]), [4, 8, 8, 8, 2, 2, 0.5]);
    areNear(rates({ warmupSteps: 4, schedule: 'inverse-sqrt' }, [2, 4, 16, 64]), [4, 8, 4, 2]);
  });

  it('a run that ends within its warm-up, or after one step, has no NaN', () => {
    areNear(rates({ warmupSteps: 10, schedule: 'linear' }, [1, 5, 10, 11], 5), [0.8, 4, 8, 0]);
    areNear(rates({ schedule: 'cosine' }, [1], 1), [8]);
  });
});

describe('learning-rate schedules, in general', () => {
  const any = fc.record({ schedule: fc.constantFrom(...schedules), warmupSteps: fc.integer({ min: 0, max: 50 }), stepEvery: fc.integer({ min: 1, max: 30 }), stepFactor: fc.double({ min: 1e-4, max: 1, noNaN: true }), total: fc.integer({ min: 1, max: 200 }) });

  it('rise to the learning rate over the warm-up, never exceed it, and never rise again', () => {
    fc.assert(fc.property(any, ({ total, ...settings }) => {
      const all = rates(settings, Array.from({ length: total + 5 }, (_, index) => index + 1), total);
      const peak = Math.max(1, settings.warmupSteps);
      all.forEach((rate, index) => {
        assert.ok(rate >= 0 && rate <= 8);
        const before = all[index - 1];
        if (before !== undefined) assert.ok(index + 1 <= peak ? rate >= before : rate <= before, `step ${index + 1}`);
      });
      if (peak <= all.length) assert.equal(all[peak - 1], 8);
    }));
  });
});

describe('a schedule in an optimizer', () => {
  const parameters = [{ name: 'w', shape: [1] }];
  const one = () => [{ name: 'w', shape: [1], values: new Float32Array(1) }];

  it('scales the step, and follows live changes', () => {
    const optimizer = createOptimizer(settingsOf({ optimizer: 'sgd', learningRate: 4, schedule: 'linear' }), parameters, { totalSteps: 5 });
    const moved = (step: number) => {
      const gradient = Float32Array.of(-1);
      optimizer.update(gradient, one(), step);
      return gradient[0];
    };
    assert.deepEqual([moved(1), moved(3)], [4, 2]);
    optimizer.change({ schedule: 'constant', learningRate: 8 });
    assert.equal(moved(4), 8);
  });

  it('that ends with the run is refused where nobody knows when that is, at creation and by a change, which then changes nothing', () => {
    for (const schedule of ['linear', 'cosine'] as const) {
      assert.throws(() => createOptimizer(settingsOf({ optimizer: 'sgd', schedule }), parameters), (error: unknown) => {
        assert.ok(error instanceof InputError);
        assert.equal(error.problems[0]!.field, 'schedule');
        assert.match(error.message, new RegExp(`schedule is "${schedule}".*how many steps.*Give totalSteps, or choose one of constant, step, inverse-sqrt`));
        return true;
      });
    }
    const optimizer = createOptimizer(settingsOf({ optimizer: 'sgd', learningRate: 4 }), parameters);
    assert.throws(() => optimizer.change({ schedule: 'cosine', learningRate: 100 }), /schedule is "cosine"/);
    const gradient = Float32Array.of(-1);
    optimizer.update(gradient, one(), 1);
    assert.equal(gradient[0], 4);
    for (const schedule of schedules) checkSchedule({ ...defaults, schedule }, 10);
  });
});
