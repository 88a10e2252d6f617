import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import type { Precision } from '../../../src/kernels/panelLayout';
import { readRow } from '../../../src/kernels/rowStorage';
import type { SparseCompute } from '../../../src/kernels/sparseCompute';
import { typedArrays } from '../../../src/kernels/typedArrays';
import { loadWasmCompute } from '../../../src/kernels/threads/loadWasmCompute';
import type { WasmCompute } from '../../../src/kernels/threads/wasmCompute';
import { addResidual, createResidual, keepResidual } from '../../../src/optimizers/residual';
import { panelsOf } from '../../../src/optimizers/compressors/panelsOf';
import { parameterSpace } from '../../../src/settings/parameterSpace';
import { assets } from '../../support/assets';
import { takeSteps, trained } from '../optimizers/variants';
import { keptOf, layoutOf, rowsOf } from './flatSpace';
import { normalVector, relativeDistance } from './randomVector';

const computes: Record<string, () => WasmCompute> = {
  'one thread': () => loadWasmCompute(assets, { threads: 1 }),
  'three threads': () => loadWasmCompute(assets, { threads: 3 }),
  'two threads, windows cut into memories of 2 MiB': () => loadWasmCompute(assets, { threads: 2, memoryLimit: 2 ** 21 }),
};

/** The same vector where `compute` reaches it. */
function reachable(compute: SparseCompute, vector: Float32Array): Float32Array {
  const copy = compute.createVector(vector.length);
  copy.set(vector);
  return copy;
}

const awkward = fc.constantFrom(0, -0, 1e-45, 1.2e-38, 1, -1, 1.0000001, 0.5, 3.4e38, -3.4e38);
const entries = fc.array(fc.oneof(awkward, fc.float({ noNaN: true, noDefaultInfinity: true })), { minLength: 1, maxLength: 3000 });
const density = fc.constantFrom(1e-4, 0.01, 0.05, 0.33, 0.99, 1);
const blockSize = fc.constantFrom(null, 2, 3, 127, 1024, 2500, 65_536);
const precision = fc.constantFrom<Precision>('float32', 'bfloat16');

for (const [name, make] of Object.entries(computes)) {
  describe(`wasm kernels: ${name}`, () => {
    let compute: WasmCompute;
    before(() => { compute = make(); });
    after(() => compute.close());

    it('Top-K is that of the typed arrays, bit for bit', () => {
      fc.assert(fc.property(entries, density, blockSize, precision, (values, kept, size, held) => {
        const vector = reachable(compute, Float32Array.from(values));
        const layout = layoutOf(vector.length, kept, size);
        const before = vector.slice();
        const [ours, plain] = [keptOf(vector, layout, held, compute), keptOf(vector, layout, held)];
        assert.deepEqual(ours.indices, plain.indices);
        assert.deepEqual(ours.values, plain.values);
        assert.deepEqual(vector.slice(), before);
      }), { numRuns: 150 });
    });

    for (const [dimension, size, kept] of [[100_001, 16_384, 0.01], [50_000, 65_536, 0.05], [70_000, 1000, 0.002], [40_000, 20_000, 0.5]] as const) {
      for (const held of ['float32', 'bfloat16'] as const) {
        it(`d ${dimension}, blocks of ${size}, density ${kept}, ${held}: Top-K, feedback and combination are bit for bit those of the typed arrays, dots to 1e-12`, () => {
          const layout = layoutOf(dimension, kept, size);
          const residual = { bits: 32 as const, entries: reachable(compute, normalVector(dimension, 1)) };
          const vector = reachable(compute, normalVector(dimension, 2).map((value, at) => at % 13 === 0 ? 0 : value));
          const [plainResidual, plainVector] = [residual.entries.slice(), vector.slice()];
          const row = compute.createRow(layout, held);
          assert.equal(compute.feedBack?.(residual, vector, row), true);

          plainVector.forEach((value, at) => { plainVector[at] = value + plainResidual[at]!; });
          const plain = keptOf(plainVector, layout, held);
          typedArrays.subtract(plain, plainVector);
          plainResidual.set(plainVector);
          typedArrays.expand(plain, plainVector);
          assert.deepEqual(row.indices, plain.indices);
          assert.deepEqual(row.values, plain.values);
          assert.deepEqual(residual.entries.slice(), plainResidual);
          assert.deepEqual(vector.slice(), plainVector);

          const past = Array.from({ length: 9 }, (_, age) => normalVector(dimension, 10 + age));
          const [rows, plainRows] = [rowsOf(past.map(gradient => reachable(compute, gradient)), layout, held, compute), rowsOf(past, layout, held)];
          if (name.includes('memories')) assert.ok(rows.shards.length === 1 || rows.shards.every(({ windowValues }) => windowValues.byteLength < 2 ** 21));
          for (const count of [1, 8, 9]) {
            const [dots, plainDots] = [new Float64Array(9).fill(7), new Float64Array(9).fill(7)];
            compute.dots(rows, row, count, dots);
            typedArrays.dots(plainRows, plain, count, plainDots);
            assert.ok(relativeDistance(dots, plainDots) < 1e-12);
            const coefficients = Float64Array.from({ length: 9 }, (_, index) => index % 2 === 0 ? 1e4 + index : -1e4);
            compute.combine(rows, coefficients, count, vector);
            typedArrays.combine(plainRows, coefficients, count, plainVector);
            assert.deepEqual(vector.slice(), plainVector);
          }
        });
      }
    }

    for (const bits of [32, 16, 8, 4] as const) {
      it(`error feedback at ${bits} bits is that of the typed arrays, bit for bit, step after step`, () => {
        const [dimension, layout] = [40_001, layoutOf(40_001, 0.05, 16_384)];
        const [ours, plain] = [createResidual(bits, dimension, length => compute.allocate(length)), createResidual(bits, dimension)];
        const [row, plainRow] = [compute.createRow(layout, 'bfloat16'), typedArrays.createRow(layout, 'bfloat16')];
        for (const scale of [1, 0.1, 1e-30, 0, 3e37, 3e38, 3e38, 1]) {
          const vector = reachable(compute, normalVector(dimension, 3 + scale).map(value => scale * Math.max(-1, Math.min(1, value))));
          const plainVector = vector.slice();
          assert.equal(compute.feedBack?.(ours, vector, row), true);
          addResidual(plain, plainVector);
          typedArrays.topK(plainVector, plainRow);
          typedArrays.subtract(plainRow, plainVector);
          keepResidual(plain, plainVector);
          typedArrays.expand(plainRow, plainVector);
          assert.deepEqual(vector.slice(), plainVector);
          assert.deepEqual(ours, plain);
        }
      });
    }

    it('error feedback leaves alone blocks of codes that two panels share', () => {
      const layout = layoutOf(40_001, 0.05, 1000);
      const residual = createResidual(4, 40_001, length => compute.allocate(length));
      assert.equal(compute.feedBack?.(residual, compute.createVector(40_001), compute.createRow(layout, 'float32')), false);
    });

    it('a window of many rows lies in as many memories as it needs, and reads back the same', () => {
      const layout = layoutOf(200_000, 0.05, 16_384);
      const past = Array.from({ length: 40 }, (_, age) => normalVector(200_000, age));
      const rows = rowsOf(past, layout, 'float32', compute);
      assert.equal(rows.shards.length > 1, name.includes('memories'));
      assert.deepEqual(rows.shards.map(({ from }) => from), [0, ...rows.shards.slice(0, -1).map(({ to }) => to)]);
      assert.equal(rows.shards.reduce((sum, { windowValues, windowIndices }) => sum + windowValues.byteLength + windowIndices.byteLength, 0), 40 * layout.kept * 6);
      const [vector, expected] = [new Float32Array(200_000), new Float32Array(200_000)];
      for (const slot of [0, 17, 39]) {
        readRow(rows, slot, vector);
        typedArrays.expand(keptOf(past[slot]!, layout), expected);
        assert.deepEqual(vector, expected);
      }
    });

    it('tensors that are kept exactly, and arrays that no other thread reaches, give the same', () => {
      const space = parameterSpace([{ name: 'a', shape: [30_000] }, { name: 'bias', shape: [500] }, { name: 'b', shape: [200, 100] }]);
      const layout = panelsOf({ density: 0.01, blockSize: 16_384, groups: [{ match: 'bias', exact: true }] }, space);
      const vector = normalVector(space.dimension, 4);
      const rows = rowsOf([normalVector(space.dimension, 5), vector], layout, 'float32', compute);
      const [dots, plainDots] = [new Float64Array(2), new Float64Array(2)];
      compute.dots(rows, keptOf(vector, layout), 2, dots);
      typedArrays.dots(rows, keptOf(vector, layout), 2, plainDots);
      assert.ok(relativeDistance(dots, plainDots) < 1e-12);
      const sum = vector.slice();
      compute.combine(rows, Float64Array.of(0, 1), 2, sum);
      assert.deepEqual(sum.subarray(30_000, 30_500), vector.subarray(30_000, 30_500));
    });

    it('finds entries that are not finite, and descends as the typed arrays do, bit for bit', () => {
      for (const length of [10, 32_768, 100_003]) {
        const vector = reachable(compute, normalVector(length, 1));
        assert.ok(compute.isFinite(vector));
        for (const at of [0, length >> 1, length - 1]) {
          vector[at] = Number.NaN;
          assert.equal(compute.isFinite(vector), false);
          vector[at] = 1;
        }
        const values = reachable(compute, normalVector(length - 5, 2));
        const [plainVector, plainValues] = [vector.slice(), values.slice()];
        compute.descend(vector, 3, values, 0.1, 0.01);
        typedArrays.descend(plainVector, 3, plainValues, 0.1, 0.01);
        assert.deepEqual(vector.slice(), plainVector);
        assert.deepEqual(values.slice(), plainValues);
      }
    });
  });
}

describe('wasm kernels: threads', () => {
  it('one thread or three give the same bits', async () => {
    const [one, three] = [loadWasmCompute(assets, { threads: 1 }), loadWasmCompute(assets, { threads: 3 })];
    const layout = layoutOf(300_000, 0.02, 16_384);
    const past = Array.from({ length: 7 }, (_, age) => normalVector(300_000, age));
    const results = [one, three].map(compute => {
      const rows = rowsOf(past.map(vector => reachable(compute, vector)), layout, 'float32', compute);
      const dots = new Float64Array(7);
      compute.dots(rows, keptOf(reachable(compute, past[3]!), layout, 'float32', compute), 7, dots);
      return dots;
    });
    assert.deepEqual(results[0], results[1]);
    await Promise.all([one.close(), three.close()]);
  });

  it('windows that were replaced give their memory back, in every thread', async function () {
    if (process.platform !== 'linux') this.skip(); // where the system says what is reserved
    const reserved = () => Number(/VmSize:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 2 ** 20;
    const compute = loadWasmCompute(assets, { threads: 2 });
    const { optimizer, parameters } = trained({ optimizer: 'sparse-mfac', window: 4 }, 50_000, 2, compute);
    const before = reserved();
    for (let step = 3; step < 23; step++) {
      optimizer.change({ density: step % 2 === 0 ? 0.01 : 0.05 });
      takeSteps(optimizer, parameters, step, step);
      await setImmediate();
    }
    // A WebAssembly memory reserves 8 GiB or more of addresses.
    assert.ok(reserved() - before < 60, `${reserved() - before} GiB`);
    await compute.close();
  });
});
