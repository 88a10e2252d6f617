import assert from 'node:assert/strict';
import { add, div, dropout as stockDropout, engine, erf, gather, matMul, mul, ones, range, reshape, setBackend, tensor, tidy, type Rank, type Tensor2D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { dropout, thinned } from '../../../../src/models/operations/dropout';
import { embedding } from '../../../../src/models/operations/embedding';
import { gelu } from '../../../../src/models/operations/gelu';
import { onWeights } from '../../../../src/models/operations/onWeights';
import { learnedPositions, sinusoidalPositions, withLearned } from '../../../../src/models/operations/positions';
import { reversedEmbedding } from '../../../../src/models/operations/reversedEmbedding';
import { agreesWithStock, numbers } from '../../../support/compareOperation';
import { assets } from '../../../support/assets';

describe('models: embeddings, positions, gelu and dropout, their gradients beside TensorFlow.js\'s own', () => {
  const lookups = fc.record({ rows: fc.integer({ min: 1, max: 6 }), width: fc.integer({ min: 1, max: 5 }), shape: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }), dtype: fc.constantFrom('int32') });
  it('embedding', agreesWithStock(lookups, ({ rows, width, shape, dtype }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return {
      operation: onWeights(embedding(), [[rows, width]]),
      inputs: [{ shape, values: Int32Array.from({ length: size }, (_, index) => (3 * index + 1) % rows), dtype }], parameters: [numbers([rows, width], 2)],
      stock: ([indices], [table]) => reshape(gather(table!, reshape<Rank.R1>(indices!, [size])), [...shape, width]),
    };
  }));

  it('embedding with a scale', agreesWithStock(lookups, ({ rows, width, shape, dtype }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return {
      operation: onWeights(embedding(Math.SQRT2), [[rows, width]]),
      inputs: [{ shape, values: Int32Array.from({ length: size }, (_, index) => (3 * index + 1) % rows), dtype }], parameters: [numbers([rows, width], 2)],
      stock: ([indices], [table]) => mul(reshape(gather(table!, reshape<Rank.R1>(indices!, [size])), [...shape, width]), Math.SQRT2),
    };
  }));

  const vectors = fc.record({ rows: fc.integer({ min: 1, max: 6 }), width: fc.integer({ min: 1, max: 5 }), shape: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }), isTrained: fc.boolean() });
  it('embedding, reversed', agreesWithStock(vectors, ({ rows, width, shape, isTrained }) => ({
    operation: onWeights(reversedEmbedding(), [[rows, width]], [isTrained]),
    inputs: [numbers([...shape, width], 1)], parameters: isTrained ? [numbers([rows, width], 2)] : [], buffers: isTrained ? [] : [numbers([rows, width], 2)],
    stock: ([x], [parameter], [buffer]) => reshape(matMul(reshape(x!, [-1, width]), (parameter ?? buffer) as Tensor2D, false, true), [...shape, rows]),
  }), { exact: false }));

  const sequences = fc.record({ batch: fc.integer({ min: 1, max: 3 }), length: fc.integer({ min: 1, max: 5 }), width: fc.integer({ min: 1, max: 7 }), more: fc.integer({ min: 0, max: 3 }) });
  it('learned positions', agreesWithStock(sequences, ({ batch, length, width, more }) => ({
    operation: onWeights(learnedPositions(), [[length + more, width]]), inputs: [numbers([batch, length, width], 1)], parameters: [numbers([length + more, width], 2)],
    stock: ([x], [table]) => add(x!, gather(table!, range(0, length, 1, 'int32'))),
  }), { exact: false }));

  it('sinusoidal positions', agreesWithStock(sequences, ({ batch, length, width }) => {
    const half = Math.floor(width / 2);
    const angle = (index: number, place: number) => Math.floor(index / width) / 10000 ** (place / Math.max(half - 1, 1));
    const values = Array.from({ length: length * width }, (_, index) => {
      const place = index % width;
      return place >= 2 * half ? 0 : place < half ? Math.sin(angle(index, place)) : Math.cos(angle(index, place - half));
    });
    return { operation: sinusoidalPositions(), inputs: [numbers([batch, length, width], 1)], stock: ([x]) => add(x!, tensor(values, [length, width])) };
  }, { exact: false }));

  it('a sequence longer than its learned positions is refused', async () => {
    await loadBackend('cpu', { assets });
    await setBackend('cpu');
    tidy(() => { assert.throws(() => withLearned(ones([1, 5, 2]), ones([4, 2])), /A sequence has 5 tokens; this model has learned positions for 4/); });
  });

  it('the Gaussian error linear unit', agreesWithStock(fc.record({ shape: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }), scale: fc.constantFrom(0.1, 1, 5) }), ({ shape, scale }) => ({
    operation: gelu(), inputs: [{ shape, values: Float32Array.from(numbers(shape, 4).values, value => scale * value) }],
    stock: ([x]) => mul(x!, mul(0.5, add(1, erf(div(x!, Math.SQRT2))))),
  })));

  it('dropout', agreesWithStock(fc.record({ shape: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }), rate: fc.constantFrom(0, 0.2, 0.5, 0.9), seed: fc.integer({ min: 1, max: 1000 }) }), ({ shape, rate, seed }) => ({
    operation: dropout({ rate }), inputs: [numbers(shape, 1)], pass: { seed },
    // On the oracle the numbers are TensorFlow.js's own.
    stock: ([x]) => engine().backendName === 'cpu' ? stockDropout(x!, rate, undefined, seed) : mul(x!, thinned(ones(x!.shape), rate, seed)),
  })));

  it('dropout of whole features, with a seed of its own', agreesWithStock(fc.record({ steps: fc.integer({ min: 1, max: 5 }), seed: fc.integer({ min: 1, max: 1000 }) }), ({ steps, seed }) => ({
    operation: dropout({ rate: 0.4, seed, noiseShape: [null, 1, null] }), inputs: [numbers([2, steps, 6], 1)], pass: { seed: 1 }, stock: ([x]) => stockDropout(x!, 0.4, [2, 1, 6], seed),
  })));

  for (const name of ['cpu', 'wasm'] as const) it(`${name}: dropout drops its share and scales the rest, and does nothing outside training`, async () => {
    await loadBackend(name, { assets });
    await setBackend(name);
    tidy(() => {
      const pass = { training: true, seed: 7, slices: 1, buffers: [], forgetful: false };
      const values = dropout({ rate: 0.25 }).forward([ones([4000])], [], pass).output.dataSync();
      assert.deepEqual([...new Set(values)].sort(), [0, Math.fround(1 / 0.75)]);
      const dropped = values.filter(value => value === 0).length / 4000;
      assert.ok(Math.abs(dropped - 0.25) < 0.03, `${dropped} of all were dropped`);
      const other = dropout({ rate: 0.25 }).forward([ones([4000])], [], { ...pass, seed: 8 }).output.dataSync();
      const both = values.filter((value, index) => value === 0 && other[index] === 0).length / 4000;
      assert.ok(Math.abs(both - 0.25 ** 2) < 0.02, `${both} of all were dropped by both of two seeds`);
      const twice = values.filter((value, index) => value === 0 && values[index + 1] === 0).length / 4000;
      assert.ok(Math.abs(twice - 0.25 ** 2) < 0.02, `${twice} of all were dropped with their neighbour`);
      assert.deepEqual([...dropout({ rate: 0.25 }).forward([ones([3])], [], { ...pass, training: false }).output.dataSync()], [1, 1, 1]);
    });
  });
});
