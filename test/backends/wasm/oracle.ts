/**
 * One kernel on the completed wasm backend and on the cpu backend. Values are small integers wherever the arithmetic keeps them
 * exact in float32, so that results can be compared bit for bit whatever the order of the sums.
 */
import assert from 'node:assert/strict';
import { engine, setBackend, tensor, tidy, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { loadBackend } from '../../../src/backends/loadBackend';
import { assets } from '../../support/assets';
import { assertClose } from '../../support/assertClose';

export interface Values {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  readonly dtype?: 'float32' | 'int32' | 'bool';
}

export interface Options {
  readonly runs?: number;
  /** Relative to the largest entry; 0, the default, means equal. */
  readonly tolerance?: number;
  /** Entry by entry: relative to the oracle's, or, where that is more, at most so far away. */
  readonly relative?: number;
  readonly absolute?: number;
}

/** Property-based with a fixed seed: for every case, the tensors that `compute` makes of the inputs agree, and none is left behind. */
export function agrees<Case>(cases: fc.Arbitrary<Case>, inputsOf: (example: Case) => readonly Values[], compute: (tensors: readonly Tensor[], example: Case) => Tensor | readonly Tensor[], { runs = 60, ...closeness }: Options = {}): () => Promise<void> {
  return async () => {
    for (const name of ['cpu', 'wasm'] as const) await loadBackend(name, { assets });
    await fc.assert(fc.asyncProperty(cases, async example => {
      const inputs = inputsOf(example);
      const wasm = await results('wasm', inputs, tensors => compute(tensors, example));
      const cpu = await results('cpu', inputs, tensors => compute(tensors, example));
      assert.deepEqual(wasm.map(({ shape, dtype }) => ({ shape, dtype })), cpu.map(({ shape, dtype }) => ({ shape, dtype })));
      wasm.forEach(({ values }, index) => { compare(values, cpu[index]!.values, closeness); });
    }), { seed: 4, numRuns: runs });
  };
}

async function results(backend: 'wasm' | 'cpu', inputs: readonly Values[], compute: (tensors: readonly Tensor[]) => Tensor | readonly Tensor[]): Promise<{ shape: number[]; dtype: string; values: ArrayLike<number> }[]> {
  await setBackend(backend);
  const before = engine().memory().numTensors;
  const buffers = engine().backend.numDataIds();
  const found: { shape: number[]; dtype: string; values: ArrayLike<number> }[] = [];
  tidy(() => {
    const tensors = inputs.map(({ values, shape, dtype = 'float32' }) => tensor(Array.from(values), [...shape], dtype));
    for (const result of [compute(tensors)].flat<(Tensor | readonly Tensor[])[]>()) found.push({ shape: result.shape, dtype: result.dtype, values: result.dataSync() });
  });
  assert.equal(engine().memory().numTensors, before, `${backend} leaks tensors`);
  assert.equal(engine().backend.numDataIds(), buffers, `${backend} leaks buffers`);
  return found;
}

function compare(values: ArrayLike<number>, oracle: ArrayLike<number>, { tolerance = 0, relative = 0, absolute = 0 }: Omit<Options, 'runs'>): void {
  const isSame = (i: number) => values[i] === oracle[i] || (Number.isNaN(values[i]) && Number.isNaN(oracle[i]));
  if (tolerance > 0 && Array.from(oracle).every(Number.isFinite)) {
    assertClose(values, oracle, tolerance);
    return;
  }
  assert.equal(values.length, oracle.length);
  for (let i = 0; i < oracle.length; i++) {
    const isClose = Math.abs(values[i]! - oracle[i]!) <= Math.max(absolute, relative * Math.abs(oracle[i]!));
    assert.ok(isSame(i) || isClose, `[${i}] is ${values[i]!}, the oracle says ${oracle[i]!}`);
  }
}

/** Integers from -8 to 8, the same for the same seed; `special` takes the place of one of them. */
export function integers(shape: readonly number[], seed: number, special?: number): Values {
  const size = shape.reduce((product, each) => product * each, 1);
  let state = seed * 2654435761 >>> 0;
  const values = Float32Array.from({ length: size }, () => {
    state = Math.imul(state, 1664525) + 1013904223 >>> 0;
    return (state >>> 8) % 17 - 8;
  });
  if (special !== undefined && size > 0) values[(state >>> 4) % size] = special;
  return { shape, values };
}

/** What no gradient should lose on its way: mostly nothing special, else a value that is no number or has no bound. */
export const special = fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity) });

export const sizes = (least: number, most: number, largest: number) => fc.array(fc.nat(largest), { minLength: least, maxLength: most });

export function run(kernelName: string, inputs: Record<string, Tensor | undefined>, attributes: object = {}): Tensor {
  return engine().runKernel(kernelName, inputs as never, attributes as NamedAttrMap);
}
