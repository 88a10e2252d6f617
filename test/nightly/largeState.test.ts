import assert from 'node:assert/strict';
import os from 'node:os';
import { loadWasmCompute } from '../../src/kernels/threads/loadWasmCompute';
import { readRow } from '../../src/kernels/rowStorage';
import type { SparseRows } from '../../src/kernels/panelLayout';
import { createOptimizer } from '../../src/optimizers/optimizer';
import { defaultsFor } from '../../src/settings/knobs';
import { parameterSpace } from '../../src/settings/parameterSpace';
import { stateBytes, totalBytes } from '../../src/settings/stateBytes';
import { assets } from '../support/assets';
import { uniform } from '../unit/kernels/randomVector';

const dimension = 1e8;
const window = 256;
const density = 0.03;

describe('a state larger than one WebAssembly memory: d = 1e8, window 256, density 3 %', function () {
  this.timeout(3_600_000);

  it('lies in several, is stepped through once round its ring, and its gram is that of its rows', function () {
    const settings = { ...defaultsFor('sparse-mfac'), window, density, damping: 1e-3, learningRate: 1e-4 };
    const shapes = [{ name: 'w', shape: [10_000, 10_000] }];
    const predicted = stateBytes(settings, parameterSpace(shapes));
    const needed = totalBytes(predicted) + 3 * 4 * dimension;
    if (os.freemem() < 1.1 * needed) {
      console.log(`skipped: ${needed} bytes are needed, ${os.freemem()} are free`);
      this.skip();
    }
    const compute = loadWasmCompute(assets);
    const optimizer = createOptimizer(settings, shapes, { compute });
    assert.deepEqual(optimizer.stateBytes(), predicted);
    const { rows, gram, size } = (optimizer.state as unknown as [unknown, { rows: SparseRows; gram: Float64Array; size: number }])[1];
    assert.ok(rows.shards.length >= 2, 'more than one memory');
    assert.ok((predicted.windowValues ?? 0) + (predicted.windowIndices ?? 0) > 2 ** 32);

    const values = compute.createVector(dimension);
    const next = uniform(1);
    const noise = Float32Array.from({ length: 1_000_003 }, () => next() + next() + next() - 1.5);
    const times: number[] = [];
    for (let step = 1; step <= window + 4; step++) {
      for (let at = 0, from = (step * 7919) % noise.length; at < dimension; from = 0) {
        const length = Math.min(noise.length - from, dimension - at);
        optimizer.gradient.set(noise.subarray(from, from + length), at);
        at += length;
      }
      const begun = performance.now();
      optimizer.update(optimizer.gradient, [{ name: 'w', shape: [10_000, 10_000], values }], step);
      times.push(performance.now() - begun);
    }
    console.log(`${compute.name}: ${(times.slice(-4).reduce((sum, time) => sum + time, 0) / 4 / 1000).toFixed(2)} s a step with the window full, ${totalBytes(predicted)} bytes of state in ${rows.shards.length} memories`);
    assert.deepEqual(optimizer.stateBytes(), predicted);
    assert.ok(compute.isFinite(values) && values.some(value => value !== 0));

    const [a, b] = [new Float32Array(dimension), new Float32Array(dimension)];
    for (const [row, other] of [[0, 3], [2, 200], [255, 255]] as const) {
      readRow(rows, row, a);
      readRow(rows, other, b);
      let dot = 0;
      for (let at = 0; at < dimension; at++) dot += a[at]! * b[at]!;
      assert.ok(Math.abs(gram[row * size + other]! - dot) <= 1e-10 * Math.sqrt(gram[row * size + row]! * gram[other * size + other]!));
    }
  });
});
