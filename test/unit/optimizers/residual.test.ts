import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addResidual, createResidual, fitResidual, keepResidual, type Residual, type ResidualBits } from '../../../src/optimizers/residual';
import { weighState } from '../../../src/optimizers/stateTree';
import type { Settings } from '../../../src/settings/knobs';
import { residualBytes } from '../../../src/settings/formulas/residual';
import { parameterSpace } from '../../../src/settings/parameterSpace';
import { stateBytes, totalBytes } from '../../../src/settings/stateBytes';
import { normalVector, relativeDistance } from '../kernels/randomVector';
import { minimize, quadratic, softmaxRegression } from './problems';
import { residualVector } from './residualVector';
import { settingsOf } from './variants';

const allBits: readonly ResidualBits[] = [32, 16, 8, 4];

function kept(vector: Float32Array, bits: ResidualBits): Residual {
  const residual = createResidual(bits, vector.length);
  keepResidual(residual, vector);
  return residual;
}

/** How far off a standard normal entry may be: half a unit of the last place, or half a step of a range of 10. */
const tolerance: Readonly<Record<ResidualBits, number>> = { 32: 0, 16: 5 * 2 ** -9, 8: 10.1 / 255 / 2, 4: 10.1 / 15 / 2 };

for (const bits of allBits) {
  describe(`a residual of ${bits} bits`, () => {
    it('starts at zero and holds the bytes of its formula', () => {
      for (const dimension of [1, 2, 3, 1023, 1024, 1025, 5000]) {
        const residual = createResidual(bits, dimension);
        assert.deepEqual(weighState({ residual }), { residual: residualBytes(bits, dimension) });
        assert.deepEqual(residualVector(residual, dimension), new Float32Array(dimension));
      }
    });

    it('gives back what it was given, as near as its bits allow', () => {
      for (const dimension of [1, 7, 1024, 3001]) {
        const vector = normalVector(dimension, 5);
        const error = residualVector(kept(vector, bits), dimension).map((value, at) => Math.abs(value - vector[at]!));
        assert.ok(Math.max(...error) <= tolerance[bits], `${Math.max(...error)}`);
      }
    });

    it('in ranges of whole blocks it is the same', () => {
      const vector = normalVector(4000, 6);
      const residual = createResidual(bits, 4000);
      const sum = new Float32Array(4000);
      for (const [start, end] of [[2048, 4000], [0, 2048]] as const) {
        keepResidual(residual, vector, start, end);
        addResidual(residual, sum, start, end);
      }
      assert.deepEqual(residual, kept(vector, bits));
      assert.deepEqual(sum, residualVector(residual, 4000));
    });

    for (const wanted of allBits) {
      it(`becomes one of ${wanted} bits of the same numbers`, () => {
        for (const dimension of [1, 1025, 3 * 65_536 + 77]) {
          const residual = kept(normalVector(dimension, 7), bits);
          const fitted = fitResidual(residual, wanted);
          assert.equal(fitted === residual, wanted === bits);
          if (wanted !== bits) assert.deepEqual(fitted, kept(residualVector(residual, dimension), wanted));
          if (wanted > bits) assert.ok(relativeDistance(residualVector(fitted, dimension), residualVector(residual, dimension)) < (wanted === 8 ? 0.02 : wanted === 16 ? 0.004 : 1e-9));
        }
      });
    }

    it('takes the memory it is offered', () => {
      let given = 0;
      const allocate = (bytes: number) => {
        given += bytes;
        return new SharedArrayBuffer(bytes);
      };
      createResidual(bits, 3001, allocate);
      fitResidual(createResidual(bits === 32 ? 16 : 32, 3001), bits, allocate);
      assert.equal(given, 2 * residualBytes(bits, 3001));
    });

    it('stays finite and of its own size, whatever finite numbers it is given', () => {
      const float = fc.float({ noNaN: true, noDefaultInfinity: true });
      fc.assert(fc.property(fc.array(fc.array(float, { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 8 }), vectors => {
        const residual = createResidual(bits, 5);
        for (const entries of vectors) {
          const vector = Float32Array.from(entries);
          addResidual(residual, vector);
          const largest = Math.max(...vector.map(Math.abs));
          keepResidual(residual, vector);
          const held = residualVector(residual, 5);
          assert.ok(held.every(Number.isFinite) && Math.max(...held.map(Math.abs)) <= 1.1 * largest + 1e-40);
        }
      }));
    });
  });
}

describe('S-MFAC in low precision', function () {
  this.timeout(60_000);
  const shared = { optimizer: 'sparse-mfac', blockSize: null, window: 16 } as const;
  const problems = [1, 2, 3].map(seed => softmaxRegression(seed, { examples: 400, features: 40, batch: 32 }));
  const onSoftmax = (variant: Partial<Settings>) => problems.reduce((sum, problem) =>
    sum + minimize(problem, { ...shared, density: 0.02, damping: 1e-3, learningRate: 0.1, ...variant }, 300, true), 0);
  let full = 0;
  before(() => { full = onSoftmax({}); });

  for (const [errorFeedbackBits, ratio] of [[32, 1.1], [16, 1.1], [8, 1.1], [4, 1.25]] as const) {
    it(`bfloat16 values and a residual of ${errorFeedbackBits} bits: softmax regression ends within ${ratio} times the loss in float32, a bowl at its bottom`, () => {
      const low: Partial<Settings> = { errorFeedbackBits, valuePrecision: 'bfloat16' };
      const loss = onSoftmax(low);
      assert.ok(loss < ratio * full, `${loss} against ${full}`);
      const bowl = quadratic(200, 0.1);
      assert.ok(minimize(bowl, { ...shared, density: 0.05, damping: 1, learningRate: 0.5, ...low }, 400, true) < 1e-6 * bowl.loss(bowl.start));
    });
  }

  it('without error feedback the loss stays more than five times as high, so that the ratios above mean something', () => {
    assert.ok(onSoftmax({ errorFeedback: false }) > 5 * full);
  });

  it('holds fewer bytes than the moments of AdamW at the settings that the documentation names', () => {
    const space = parameterSpace([{ name: 'kernel', shape: [10_000, 1000] }]);
    const bytesPerParameter = (variant: Partial<Settings>) => totalBytes(stateBytes({ ...settingsOf(variant), blockSize: 16_384 }, space)) / 1e7;
    assert.equal(bytesPerParameter({ optimizer: 'adamw' }), 8);
    const documented = [[32, 0.01, 4, 1.83], [128, 0.01, 4, 5.71], [128, 0.01, 8, 6.21], [128, 0.01, 16, 7.21], [160, 0.01, 4, 7.02], [1024, 0.001, 4, 6.45]] as const;
    for (const [window, density, errorFeedbackBits, bytes] of documented) {
      const measured = bytesPerParameter({ ...shared, valuePrecision: 'bfloat16', window, density, errorFeedbackBits });
      assert.ok(measured <= bytes, `window ${window}, density ${density}, ${errorFeedbackBits} bits: ${measured}`);
    }
  });
});
