import assert from 'node:assert/strict';
import type { Backend } from '../../../src/backends/backend';
import { loadBackend } from '../../../src/backends/loadBackend';
import { positionsOf } from '../../../src/sparsity/sparseIndex';
import { precisionOf, readStored, type StoredVector } from '../../../src/kernels/storedVector';
import { plainChunks } from '../../../src/kernels/chunkCompute';
import { assets } from '../../support/assets';
import { gradientsOf, packedRun, specifications, type Packed, type Variant } from './packedRun';

const base = { weightDensity: 0.3, rewireEvery: 3, rewireUntil: 1, learningRate: 0.01 } as const;

/** Dense values of a stored vector, NaN where a tensor stores nothing. */
function spread({ placement }: Packed, vector: StoredVector): Float32Array[] {
  return placement.parts.parameters.layout.tensors.map(({ start, count, length, index }) => {
    const values = new Float32Array(count);
    readStored(plainChunks(), vector, start, values);
    if (index === undefined) return values;
    const dense = new Float32Array(length).fill(NaN);
    positionsOf(index, count).forEach((at, place) => { dense[at] = values[place]!; });
    return dense;
  });
}

const masks = ({ placement }: Packed) => placement.parts.parameters.layout.tensors.map(({ index, count }) => index && positionsOf(index, count));
const isStored = (value: unknown): value is StoredVector => typeof value === 'object' && value !== null && ['float32', 'float16', 'bfloat16'].some(name => name in value);

describe('trainer: rewiring of packed weights', () => {
  let backend: Backend;
  const runs: Packed[] = [];
  const start = (variant: Variant, totalSteps = 100): Packed => {
    const run = packedRun(backend, { ...base, ...variant }, specifications, totalSteps);
    runs.push(run);
    return run;
  };
  before(async () => { backend = await loadBackend('wasm', { assets }); });
  afterEach(() => { for (const run of runs.splice(0)) run.close(); });

  for (const variant of [
    { optimizer: 'sgd', momentum: 0.9 }, { optimizer: 'adamw' }, { optimizer: 'adamw', parameterPrecision: 'float16', momentPrecision: 'bfloat16', masterCopy: true }, { optimizer: 'sgd', momentum: 0.9, fusedUpdate: true },
  ] as const satisfies readonly Variant[]) {
    it(`what is kept keeps its value and its moments, what has grown starts from zero: ${JSON.stringify(variant)}`, async () => {
      const run = start(variant);
      for (let step = 1; step <= 2; step++) await run.step(step, gradientsOf(specifications, step));
      const { update, parameters } = run.placement.parts;
      // The same third step without the rewiring that follows it.
      const twin = start({ ...variant, rewireEvery: 1000 });
      for (let step = 1; step <= 3; step++) await twin.step(step, gradientsOf(specifications, step));
      const before = masks(run);
      assert.deepEqual(masks(twin), before);
      const { rewired } = await run.step(3, gradientsOf(specifications, 3));
      const vectorsOf = (of: Packed): Record<string, StoredVector> => ({
        weights: of.placement.parts.parameters.values, ...of.placement.parts.update.state as Record<string, StoredVector>,
        ...(of.placement.parts.parameters.master === undefined ? {} : { master: { float32: of.placement.parts.parameters.master } }),
      });
      const found = vectorsOf(run);
      assert.ok(Object.values(found).every(isStored));
      let [kept, grown] = [0, 0];
      for (const [name, vector] of Object.entries(vectorsOf(twin))) {
        assert.equal(precisionOf(found[name]!), precisionOf(vector));
        const [expected, dense] = [spread(twin, vector), spread(run, found[name]!)];
        masks(run).forEach((mask, at) => {
          if (mask === undefined) assert.deepEqual(dense[at], expected[at]);
          else {
            const had = new Set(before[at]);
            for (const position of mask) {
              if (had.has(position)) kept++;
              else grown++;
              assert.equal(dense[at]![position], had.has(position) ? expected[at]![position] : 0, `${name}, ${at}, ${position}`);
            }
          }
        });
      }
      const vectors = Object.keys(found).length;
      assert.equal(rewired!.threshold, 1e-3);
      assert.ok(rewired!.pruned > 0);
      assert.equal(grown / vectors, rewired!.pruned, 'as many have grown as were pruned');
      assert.equal((kept + grown) / vectors, before.reduce((sum, mask) => sum + (mask?.length ?? 0), 0));
      assert.equal(update.state, run.placement.parts.update.state);
      assert.equal(parameters, run.placement.parts.parameters);
    });
  }

  it('prunes by the float32 copy where there is one, and by what is stored where there is none', async () => {
    for (const masterCopy of [true, false]) {
      const run = start({ optimizer: 'sgd', parameterPrecision: 'bfloat16', masterCopy, rewireEvery: 1, learningRate: 1e-7 });
      const { parameters } = run.placement.parts;
      const values = new Float32Array(parameters.layout.length);
      parameters.read(0, values);
      const sparse = parameters.layout.tensors.filter(({ index }) => index !== undefined).flatMap(({ start: from, count }) => [...values.subarray(from, from + count)]);
      const { rewired } = await run.step(1, gradientsOf(specifications, 1, 0));
      assert.equal(rewired!.pruned, sparse.filter(value => Math.abs(value) < 1e-3).length);
    }
  });

  it('happens every so many steps of a fraction of the run; the threshold adapts', async () => {
    const run = start({ optimizer: 'sgd', rewireEvery: 2, rewireUntil: 0.6 }, 10);
    const rewirings: (number | undefined)[] = [];
    for (let step = 1; step <= 10; step++) rewirings.push((await run.step(step, gradientsOf(specifications, step))).rewired?.threshold);
    assert.deepEqual(rewirings.map(threshold => threshold !== undefined), [false, true, false, true, false, true, false, false, false, false]);
    assert.deepEqual(rewirings.filter(threshold => threshold !== undefined), [0.001, 0.002, 0.004], 'too few are that small at first');
    assert.notEqual(run.placement.parts.rewiring.state.threshold, 0.001);
  });

  it('is the same for the same seed, and starts from another mask for another', async () => {
    const [a, b, c] = [start({ optimizer: 'sgd', seed: 5 }), start({ optimizer: 'sgd', seed: 5 }), start({ optimizer: 'sgd', seed: 6 })];
    for (const run of [a, b, c]) for (let step = 1; step <= 6; step++) await run.step(step, gradientsOf(specifications, step));
    assert.deepEqual([masks(a), a.dense()], [masks(b), b.dense()]);
    assert.notDeepEqual(masks(a), masks(c));
  });

  it('other optimizers keep what they hold entry by entry, and start their windows anew', async () => {
    const run = start({ optimizer: 'sparse-mfac', window: 4, density: 0.05, momentum: 0.5 });
    const twin = start({ optimizer: 'sparse-mfac', window: 4, density: 0.05, momentum: 0.5, rewireEvery: 1000 });
    for (let step = 1; step <= 3; step++) for (const one of [run, twin]) await one.step(step, gradientsOf(specifications, step));
    const [moved, still] = [run, twin].map(({ placement }) => placement.saving.state as unknown as { optimizer: [{ residual: { entries: Float32Array } }, { rows: { filled: number } }, { velocity: Float32Array }] });
    const dense = [moved, still].map((state, at) => [state!.optimizer[0].residual.entries, state!.optimizer[2].velocity].map(float32 => spread(at === 0 ? run : twin, { float32 })));
    let compared = 0;
    dense[0]!.forEach((vector, which) => vector.forEach((values, at) => values.forEach((value, position) => {
      const before = dense[1]![which]![at]![position]!;
      if (Number.isNaN(value)) return;
      compared++;
      assert.equal(value, Number.isNaN(before) ? 0 : before);
    })));
    assert.equal(compared, 2 * run.placement.parts.parameters.layout.length);
    for (let step = 4; step <= 9; step++) await run.step(step, gradientsOf(specifications, step));
    assert.ok(run.dense().every(values => values.every(Number.isFinite)));
  });
});
