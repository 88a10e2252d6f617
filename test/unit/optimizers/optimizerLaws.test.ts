import assert from 'node:assert/strict';
import { parameterSpace } from '../../../src/settings/parameterSpace';
import { knob, type LiveSettings } from '../../../src/settings/knobs';
import { stateBytes } from '../../../src/settings/stateBytes';
import type { SparseCompute } from '../../../src/kernels/sparseCompute';
import { loadWasmCompute } from '../../../src/kernels/threads/loadWasmCompute';
import type { WasmCompute } from '../../../src/kernels/threads/wasmCompute';
import { typedArrays } from '../../../src/kernels/typedArrays';
import { assets } from '../../support/assets';
import { relativeDistance } from '../kernels/randomVector';
import { changes, flat, settingsOf, takeSteps, trained as trainedOn, variants } from './variants';

const dimension = 317;

let wasm: WasmCompute;
/** The same without garbage collected at every change: a law of its own says when that is asked for, and it takes longer than all the steps. */
let lazy: SparseCompute;
let reclaimed = 0;
before(() => {
  wasm = loadWasmCompute(assets, { threads: 2, memoryLimit: 2 ** 17 });
  lazy = { ...wasm, reclaim: () => { reclaimed += 1; } };
});
after(() => wasm.close());

/** Who computes; the wasm kernels with so little memory each that some windows need several. */
const placements: Readonly<Record<string, () => SparseCompute>> = { 'typed arrays': () => typedArrays, 'wasm': () => lazy };
const cases = Object.entries(variants).flatMap(([name, variant]) => Object.entries(placements).map(([placement, compute]) => ({ name, variant, placement, compute })));

for (const { name, variant, placement, compute } of cases) {
  const trained = (settings: typeof variant, size: number, steps: number) => trainedOn(settings, size, steps, compute());

  describe(`optimizer laws: ${name}, ${placement}`, () => {
    it('holds exactly the predicted bytes, at first, after steps, and after every change', () => {
      for (const size of [1, 2, dimension, 5000]) {
        const { optimizer, parameters } = trained(variant, size, 0);
        const space = parameterSpace(parameters);
        let settings = settingsOf(variant);
        assert.deepEqual(optimizer.stateBytes(), stateBytes(settings, space));
        changes.forEach((change, index) => {
          takeSteps(optimizer, parameters, 3 * index + 1, 3 * index + 3);
          optimizer.change(change);
          settings = { ...settings, ...change };
          assert.deepEqual(optimizer.stateBytes(), stateBytes(settings, space), JSON.stringify(change));
        });
      }
    });

    it('returns the updates that it added to the parameters', () => {
      const { optimizer, parameters } = trained(variant, dimension, 3);
      const before = flat(parameters);
      const updates = takeSteps(optimizer, parameters, 4, 4);
      assert.deepEqual(flat(parameters), before.map((value, at) => value + updates[at]!));
      assert.ok(updates.some(value => value !== 0));
    });

    it('is a function of its inputs: the same run twice is the same, bit for bit', () => {
      const [first, second] = [trained(variant, dimension, 12), trained(variant, dimension, 12)];
      assert.deepEqual(flat(first.parameters), flat(second.parameters));
      assert.deepEqual(first.optimizer.state, second.optimizer.state);
    });

    if (placement !== 'typed arrays') {
      it('goes the way of the typed arrays, through changes too', () => {
        const [ours, plain] = [trained(variant, dimension, 8), trainedOn(variant, dimension, 8)];
        changes.forEach((change, index) => {
          for (const { optimizer, parameters } of [ours, plain]) {
            optimizer.change(change);
            takeSteps(optimizer, parameters, 9 + 3 * index, 11 + 3 * index);
          }
          assert.ok(relativeDistance(flat(ours.parameters), flat(plain.parameters)) < 1e-6, JSON.stringify(change));
        });
      });

      it('gives memory back after each change that may reshape the state, and after no other', () => {
        const { optimizer } = trained(variant, dimension, 1);
        for (const change of changes) {
          const before = reclaimed;
          optimizer.change(change);
          const reshapes = Object.keys(change).some(name => knob(name as keyof LiveSettings).applies === 'remapState');
          assert.equal(reclaimed - before, reshapes ? 1 : 0, JSON.stringify(change));
        }
      });
    }

    it('keeps its buffers from step to step', () => {
      const { optimizer, parameters } = trained(variant, dimension, 1);
      const before = buffersOf(optimizer.state);
      takeSteps(optimizer, parameters, 2, 9);
      const after = buffersOf(optimizer.state);
      assert.equal(after.length, before.length);
      assert.ok(after.every((buffer, index) => buffer === before[index]));
    });

    it('a change that asks for what already is keeps the state itself', () => {
      const { optimizer } = trained(variant, dimension, 4);
      const before = buffersOf(optimizer.state);
      const { density, rank, window, momentum, damping, learningRate } = settingsOf(variant);
      optimizer.change({ density, rank, window, momentum, damping, learningRate });
      assert.ok(buffersOf(optimizer.state).every((buffer, index) => buffer === before[index]));
    });

    for (const scale of [0, 1e-45, 1e-30, 1e18, 1e30, 3e37]) {
      it(`gradients of size ${scale} leave parameters and state finite, and it goes on after them`, () => {
        const { optimizer, parameters } = trained(variant, dimension, 2);
        takeSteps(optimizer, parameters, 3, 8, scale);
        takeSteps(optimizer, parameters, 9, 14);
        assert.ok(flat(parameters).every(Number.isFinite));
        assert.ok(buffersOf(optimizer.state).every(buffer => buffer.every(Number.isFinite)));
      });
    }
  });
}

/** The typed arrays of a state, in order. */
function buffersOf(state: unknown): (Float32Array | Float64Array | Uint16Array | Uint32Array)[] {
  if (ArrayBuffer.isView(state)) return [state as Float32Array];
  return typeof state === 'object' && state !== null ? Object.values(state).flatMap(buffersOf) : [];
}
