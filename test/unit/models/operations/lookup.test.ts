import assert from 'node:assert/strict';
import { dropout as stockDropout, gather, ones, reshape, setBackend, tidy, type Rank } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { dropout } from '../../../../src/models/operations/dropout';
import { embedding } from '../../../../src/models/operations/embedding';
import { onWeights } from '../../../../src/models/operations/onWeights';
import { agreesWithStock, numbers } from '../../../support/compareOperation';
import { assets } from '../../../support/assets';

describe('models: embeddings and dropout, their gradients beside TensorFlow.js\'s own', () => {
  const lookups = fc.record({ rows: fc.integer({ min: 1, max: 6 }), width: fc.integer({ min: 1, max: 5 }), shape: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }), dtype: fc.constantFrom('int32') });
  it('embedding', agreesWithStock(lookups, ({ rows, width, shape, dtype }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return {
      operation: onWeights(embedding(), [[rows, width]]),
      inputs: [{ shape, values: Int32Array.from({ length: size }, (_, index) => (3 * index + 1) % rows), dtype }], parameters: [numbers([rows, width], 2)],
      stock: ([indices], [table]) => reshape(gather(table!, reshape<Rank.R1>(indices!, [size])), [...shape, width]),
    };
  }));

  it('dropout', agreesWithStock(fc.record({ shape: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }), rate: fc.constantFrom(0, 0.2, 0.5, 0.9), seed: fc.integer({ min: 1, max: 1000 }) }), ({ shape, rate, seed }) => ({
    operation: dropout({ rate }), inputs: [numbers(shape, 1)], pass: { seed }, stock: ([x]) => stockDropout(x!, rate, undefined, seed),
  })));

  it('dropout of whole features, with a seed of its own', agreesWithStock(fc.record({ steps: fc.integer({ min: 1, max: 5 }), seed: fc.integer({ min: 1, max: 1000 }) }), ({ steps, seed }) => ({
    operation: dropout({ rate: 0.4, seed, noiseShape: [null, 1, null] }), inputs: [numbers([2, steps, 6], 1)], pass: { seed: 1 }, stock: ([x]) => stockDropout(x!, 0.4, [2, 1, 6], seed),
  })));

  it('dropout drops its share and scales the rest, and does nothing outside training', async () => {
    await loadBackend('cpu', { assets });
    await setBackend('cpu');
    tidy(() => {
      const pass = { training: true, seed: 7, slices: 1, buffers: [], forgetful: false };
      const values = dropout({ rate: 0.25 }).forward([ones([4000])], [], pass).output.dataSync();
      assert.deepEqual([...new Set(values)].sort(), [0, Math.fround(1 / 0.75)]);
      const dropped = values.filter(value => value === 0).length / 4000;
      assert.ok(Math.abs(dropped - 0.25) < 0.03, `${dropped} of all were dropped`);
      assert.deepEqual([...dropout({ rate: 0.25 }).forward([ones([3])], [], { ...pass, training: false }).output.dataSync()], [1, 1, 1]);
    });
  });
});
