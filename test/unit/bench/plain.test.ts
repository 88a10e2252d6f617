import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plainBytes, plainFor } from '../../../src/bench/optimizers/plain/plainFor';
import { quickSelect } from '../../../src/bench/optimizers/plain/plainSparseRows';
import { createOptimizer } from '../../../src/optimizers/optimizer';
import type { Settings } from '../../../src/settings/knobs';
import { assertClose } from '../../support/assertClose';
import { normalVector } from '../kernels/randomVector';
import { settingsOf } from '../optimizers/variants';

const dimension = 230;

describe('plain JavaScript optimizers', () => {
  const same: Record<string, Partial<Settings>> = {
    'dense-mfac': { optimizer: 'dense-mfac', window: 5 },
    'sparse-mfac, blocks with a tail': { optimizer: 'sparse-mfac', window: 5, density: 0.1, blockSize: 64 },
    'sparse-mfac, one block': { optimizer: 'sparse-mfac', window: 4, density: 0.05, blockSize: null },
    'sparse-mfac without error feedback': { optimizer: 'sparse-mfac', window: 5, density: 0.1, blockSize: 64, errorFeedback: false },
    'ggt': { optimizer: 'ggt', window: 5 },
    'sparse-ggt': { optimizer: 'sparse-ggt', window: 6, density: 0.1, blockSize: 100 },
    'adamw': { optimizer: 'adamw' },
  };
  for (const [name, variant] of Object.entries(same)) {
    it(`${name}: the same updates as our optimizer, step by step, beyond a full window`, () => {
      const settings = settingsOf(variant);
      const optimizer = createOptimizer(settings, [{ name: 'w', shape: [dimension] }]);
      const plain = plainFor(settings, dimension)!;
      const [ours, theirs] = [new Float32Array(dimension), new Float32Array(dimension)];
      for (let step = 1; step <= 15; step++) {
        const gradient = normalVector(dimension, step);
        optimizer.gradient.set(gradient);
        const [before, plainBefore] = [ours.slice(), theirs.slice()];
        optimizer.update(optimizer.gradient, [{ name: 'w', shape: [dimension], values: ours }], step);
        plain.step(gradient, theirs);
        assert.deepEqual(gradient, normalVector(dimension, step), 'the gradient stays');
        assertClose(theirs.map((value, at) => value - plainBefore[at]!), ours.map((value, at) => value - before[at]!), 1e-4, `update of step ${step}`);
      }
    });
  }

  it('quickSelect finds what sorting finds', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(0, 1, 2.5, 7, 1e-30, 3e30), { minLength: 1, maxLength: 60 }), fc.nat(), (numbers, at) => {
      const index = at % numbers.length;
      assert.equal(quickSelect(Float32Array.from(numbers), index), Float32Array.from(numbers).sort()[index]);
    }));
  });

  it('no plain version where it would not be that of the same method', () => {
    for (const optimizer of ['sgd', 'low-rank-mfac', 'soap'] as const) {
      assert.equal(plainFor(settingsOf({ optimizer }), dimension), undefined);
      assert.equal(plainBytes(settingsOf({ optimizer }), dimension), undefined);
    }
  });
});
