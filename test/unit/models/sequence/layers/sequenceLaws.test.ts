import assert from 'node:assert/strict';
import { setBackend, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { loadBackend } from '../../../../../src/backends/loadBackend';
import type { Operation } from '../../../../../src/models/model';
import { bandConvolution } from '../../../../../src/models/operations/bandConvolution';
import { dotProductAttention } from '../../../../../src/models/operations/dotProductAttention';
import { dynamicConvolution } from '../../../../../src/models/operations/dynamicConvolution';
import { lightweightConvolution } from '../../../../../src/models/operations/lightweightConvolution';
import { onWeights } from '../../../../../src/models/operations/onWeights';
import { tapConvolution } from '../../../../../src/models/operations/tapConvolution';
import { assets } from '../../../../support/assets';
import { numbers } from '../../../../support/compareOperation';

interface Setting {
  readonly length: number;
  readonly taps: number;
  /** Where something else stands, from 0 to the length. */
  readonly place: number;
  readonly backend: 'cpu' | 'wasm';
}

const [batch, heads, width] = [2, 2, 6];
const channels = heads * width;

interface Subject {
  readonly weights: readonly (readonly number[])[];
  readonly operation: (padding: 'same' | 'causal', isMasked: boolean) => Operation;
  /** What is applied to x and, where there is one, its mask. */
  readonly inputs: (x: Tensor, mask?: Tensor) => Tensor[];
}

function subjects(taps: number): Readonly<Record<string, Subject>> {
  const alone = (x: Tensor, mask?: Tensor) => [x, ...mask === undefined ? [] : [mask]];
  const [ofDynamic, ofLightweight] = [[channels, heads * taps], [heads, taps]];
  const found: Record<string, Subject> = {
    attention: {
      weights: [], inputs: (x, mask) => [x, x, x, ...mask === undefined ? [] : [mask]],
      operation: (padding, isMasked) => dotProductAttention({ heads, causal: padding === 'causal', dropout: 0, isMasked }),
    },
  };
  for (const [name, path] of Object.entries({ 'by bands': { path: bandConvolution }, 'tap by tap': { path: tapConvolution }, 'the best way': {} })) {
    found[`dynamic convolution ${name}`] = { weights: [ofDynamic], inputs: alone, operation: (padding, isMasked) => onWeights(dynamicConvolution({ heads, taps, padding, weightDropout: 0, isMasked, ...path }), [ofDynamic]) };
    found[`lightweight convolution ${name}`] = { weights: [ofLightweight], inputs: alone, operation: (padding, isMasked) => onWeights(lightweightConvolution({ taps, padding, weightDropout: 0, isMasked, ...path }), [ofLightweight]) };
  }
  return found;
}

/** What comes out for x, and for x with other numbers from `place` on, row by row [batch * length, channels]. */
function both({ operation, weights, inputs }: Subject, { length, taps, place }: Setting, padding: 'same' | 'causal', isMasked: boolean): [number[][], number[][]] {
  let found: [number[][], number[][]] | undefined;
  tidy(() => {
    const { values, shape } = numbers([batch, length, channels], 1);
    const other = Float32Array.from(values, (value, index) => Math.floor(index / channels) % length >= place ? 5 - 3 * value : value);
    const mask = isMasked ? tensor(Array.from({ length: batch * length }, (_, index) => Number(index % length < place)), [batch, length]) : undefined;
    const parameters = weights.map(each => tensor(Array.from(numbers(each, taps).values), [...each]));
    found = [values, other].map(each => {
      const { output } = operation(padding, isMasked).forward(inputs(tensor(Float32Array.from(each), [...shape]), mask), parameters, { training: true, seed: 1, slices: 1, buffers: [], forgetful: true });
      const flat = Array.from(output.dataSync());
      return Array.from({ length: batch * length }, (_, row) => flat.slice(row * channels, (row + 1) * channels));
    }) as [number[][], number[][]];
  });
  return found!;
}

const settings = fc.record<Setting>({ length: fc.integer({ min: 1, max: 9 }), taps: fc.integer({ min: 1, max: 12 }), place: fc.nat(9), backend: fc.constantFrom('cpu', 'wasm') })
  .map(setting => ({ ...setting, place: Math.min(setting.place, setting.length) }));

describe('models: laws of layers of sequences', () => {
  before(async () => { for (const name of ['cpu', 'wasm'] as const) await loadBackend(name, { assets }); });

  for (const name of Object.keys(subjects(1))) {
    const check = (law: (subject: Subject, setting: Setting) => void) => fc.assert(fc.asyncProperty(settings, async setting => {
      await setBackend(setting.backend);
      law(subjects(setting.taps)[name]!, setting);
    }), { seed: 6, numRuns: 40 });

    it(`${name}, causal: what comes later changes nothing before it, and something from there on`, () => check((subject, setting) => {
      const [plain, changed] = both(subject, setting, 'causal', false);
      plain.forEach((row, index) => {
        if (index % setting.length < setting.place) assert.deepEqual(changed[index], row, `row ${index}`);
        else assert.notDeepEqual(changed[index], row, `row ${index}`);
      });
    }));

    it(`${name}: what stands at padding changes nothing elsewhere`, () => check((subject, setting) => {
      for (const padding of ['same', 'causal'] as const) {
        const [plain, changed] = both(subject, setting, padding, true);
        plain.forEach((row, index) => { if (index % setting.length < setting.place) assert.deepEqual(changed[index], row, `row ${index}`); });
      }
    }));
  }
});
