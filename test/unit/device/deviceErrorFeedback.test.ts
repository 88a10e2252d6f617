import { dispose, keep, tensor1d, type Tensor } from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { packCodes, unpackCodes } from '../../../src/kernels/device/deviceKernels';
import { tensorsOf } from '../../../src/kernels/device/deviceRows';
import { packs } from '../../../src/settings/devicePlacement';
import { readResidual, tensorsOfResidual } from '../../../src/optimizers/device/deviceResidual';
import { tidied } from '../../../src/optimizers/device/direction';
import { topKGradients } from '../../../src/optimizers/device/gradientRows';
import type { Settings } from '../../../src/settings/knobs';
import { flatSpace } from '../kernels/flatSpace';
import { normalVector } from '../kernels/randomVector';
import { settingsOf } from '../optimizers/variants';
import { leavingNothing, onEachBackend, take } from './backends';

const dimension = 2100;
const blockLength = 1024;

/** How far a residual may be from what it stands for: half the unit of the grid of each block. */
function roundingOf(bits: 32 | 16 | 8 | 4, residual: Float32Array): Float64Array {
  if (bits >= 16) return Float64Array.from(residual, value => bits === 32 ? 0 : Math.abs(value) * 2 ** -8);
  return Float64Array.from(residual, (_, at) => {
    const block = residual.subarray(at - at % blockLength, at - at % blockLength + blockLength);
    const width = block.reduce((max, value) => Math.max(max, value), 0) - block.reduce((min, value) => Math.min(min, value), 0);
    return 0.5 * width * (1 + 2 ** -5) / (2 ** bits - 1);
  });
}

onEachBackend('error feedback on the device', backend => {
  const choices: Partial<Settings>[] = packs(backend)
    ? ([32, 16, 8, 4] as const).flatMap(errorFeedbackBits => (['float32', 'bfloat16'] as const).map(valuePrecision => ({ errorFeedbackBits, valuePrecision })))
    : [{ errorFeedbackBits: 32, valuePrecision: 'float32' }];

  for (const choice of choices) {
    const bits = choice.errorFeedbackBits ?? 32;
    it(`what is kept and what is left out make up gradient and residual, at ${bits} bits, values ${choice.valuePrecision ?? ''}`, () => leavingNothing(async () => {
      const live = settingsOf({ optimizer: 'sparse-mfac', density: 0.03, blockSize: 256, ...choice });
      const gradients = tidied(() => topKGradients(live, flatSpace(dimension), backend));
      const residualNow = () => take(tidied(() => keep(readResidual(gradients.residual!, dimension).clone())));
      let residual = await residualNow();
      assert.ok(residual.every(value => value === 0));
      for (let step = 1; step <= 5; step++) {
        const gradient = normalVector(dimension, step);
        const dense = await take(tidied(() => {
          const compressed = gradients.compress(tensor1d(gradient));
          gradients.accept(compressed);
          return keep(compressed.dense.clone());
        }));
        const next = await residualNow();
        const left = gradient.map((value, at) => Math.fround(value + residual[at]!) - dense[at]!);
        const allowed = roundingOf(bits, left);
        left.forEach((value, at) => assert.ok(Math.abs(next[at]! - value) <= allowed[at]!, `step ${step}, entry ${at}: ${next[at]!} for ${value}`));
        assert.equal(dense.filter(value => value !== 0).length, gradients.form!.layout.kept);
        residual = next;
      }
      dispose([...tensorsOfResidual(gradients.residual!), gradients.form!.layout.runTable]);
    }));
  }

  it('a row takes part in the next step only once it has been accepted', () => leavingNothing(async () => {
    const gradients = tidied(() => topKGradients(settingsOf({ optimizer: 'sparse-mfac', density: 0.1, blockSize: 64 }), flatSpace(dimension), backend));
    const compress = () => take(tidied(() => keep(gradients.compress(tensor1d(normalVector(dimension, 3))).dense.clone())));
    assert.deepEqual(await compress(), await compress());
    tidied(() => tensorsOf(gradients.compress(tensor1d(normalVector(dimension, 3))).row));
    dispose([...tensorsOfResidual(gradients.residual!), gradients.form!.layout.runTable]);
  }));

  if (!packs(backend)) return;

  for (const bits of [8, 4] as const) {
    it(`codes of ${bits} bits: half a unit at most, zero exactly, constant and odd blocks too`, async () => {
      const cases: Record<string, Float32Array> = {
        normal: normalVector(2501, 5), zero: new Float32Array(1025), constant: new Float32Array(7).fill(-2.5), single: Float32Array.of(3e38), huge: normalVector(1024, 4, 1e37), tiny: normalVector(9, 4, 1e-30),
        withZeros: normalVector(1500, 6).map((value, at) => at % 3 === 0 ? 0 : value),
      };
      for (const [name, values] of Object.entries(cases)) {
        const decoded = await leavingNothing(() => take(tidied(() => keep(codesAndBack(tensor1d(values), values.length)))));
        const allowed = roundingOf(bits, values);
        values.forEach((value, at) => assert.ok(value === 0 ? decoded[at] === 0 : Math.abs(decoded[at]! - value) <= allowed[at]!, `${name}, entry ${at}: ${decoded[at]!} for ${value}`));
      }
    });

    const codesAndBack = (x: Tensor, count: number) => unpackCodes(packCodes(x, { bits, blockLength }), count, { bits, blockLength });
  }
});
