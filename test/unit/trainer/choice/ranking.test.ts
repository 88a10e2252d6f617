import assert from 'node:assert/strict';
import type { Alternative } from '../../../../src/protocol/backends';
import { nextBest } from '../../../../src/protocol/fallback';
import { ranked, reasonOf } from '../../../../src/trainer/choice/ranking';

const gpu = { name: 'tensorflow', device: 'NVIDIA H100' };
const cases: readonly (readonly [title: string, measured: readonly Alternative[], order: readonly string[]])[] = [
  ['the fastest first, whatever it is', [{ ...gpu, stepMs: 9 }, { name: 'wasm', stepMs: 3 }], ['wasm', 'tensorflow']],
  ['within the noise, TensorFlow on a GPU', [{ name: 'wasm', stepMs: 3 }, { name: 'webgpu', device: 'a GPU', stepMs: 3.1 }, { ...gpu, stepMs: 3.2 }], ['tensorflow', 'webgpu', 'wasm']],
  ['within the noise, a GPU before TensorFlow on the processor', [{ name: 'tensorflow', stepMs: 3 }, { name: 'webgpu', device: 'a GPU', stepMs: 3.2 }], ['webgpu', 'tensorflow']],
  ['what was left out comes last', [{ ...gpu, refused: 'no driver' }, { name: 'webgpu', refused: 'software' }, { name: 'wasm', stepMs: 300 }], ['wasm', 'tensorflow', 'webgpu']],
  ['one that need not be measured', [{ name: 'webgpu', refused: 'no adapter' }, { name: 'wasm' }], ['wasm', 'webgpu']],
];

describe('trainer: which backend is best', () => {
  for (const [title, measured, order] of cases) {
    it(title, () => {
      assert.deepEqual(ranked(measured).map(({ name }) => name), order);
      assert.deepEqual(ranked(measured.toReversed()).filter(({ refused }) => refused === undefined).map(({ name }) => name), order.filter(name => measured.find(each => each.name === name)?.refused === undefined), 'in whatever order they were measured');
    });
  }

  it('says why, with the figures', () => {
    const best = ranked([{ ...gpu, stepMs: 2.123 }, { name: 'webgpu', device: 'llvmpipe', refused: 'it is software' }, { name: 'wasm', stepMs: 8 }]);
    assert.equal(reasonOf(best, 'mlp, batch 64'), 'the fastest of 2 here with mlp, batch 64: tensorflow on NVIDIA H100 2.12 ms a step, wasm 8.00 ms; left out: webgpu on llvmpipe (it is software)');
    assert.equal(reasonOf([{ name: 'wasm' }, { name: 'webgpu', refused: 'no adapter' }], 'mlp, batch 64'), 'the only one that can be used here; left out: webgpu (no adapter)');
  });

  it('knows the next best where one fails', () => {
    const alternatives = ranked([{ ...gpu, stepMs: 2 }, { name: 'webgpu', refused: 'no adapter' }, { name: 'wasm', stepMs: 8 }]);
    assert.equal(nextBest('tensorflow', alternatives), 'wasm');
    assert.equal(nextBest('wasm', alternatives), 'tensorflow');
    assert.equal(nextBest('webgpu'), 'wasm');
    assert.equal(nextBest('wasm'), undefined);
    assert.equal(nextBest('cpu'), undefined, 'the oracle was asked for by name');
  });
});
