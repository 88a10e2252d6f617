import assert from 'node:assert/strict';
import { createOptimizer, type Optimizer } from '../../../src/optimizers/optimizer';
import type { SavedState } from '../../../src/optimizers/savedState';
import { decodeState, encodeState } from '../../../src/optimizers/stateFile';
import { loadWasmCompute } from '../../../src/kernels/threads/loadWasmCompute';
import type { LiveSettings, Settings } from '../../../src/settings/knobs';
import { InputError } from '../../../src/settings/problem';
import type { ParameterView } from '../../../src/optimizers/transformation';
import { assets } from '../../support/assets';
import { wholeAndSharded } from './shardedArrays';
import { changes, flat, settingsOf, takeSteps, trained, twoTensors, variants } from './variants';

const dimension = 317;

/** What `optimizer` and its parameters are, copied into a new optimizer by way of a file. */
function resumed(optimizer: Optimizer, parameters: readonly ParameterView[], step: number) {
  const saved = decodeState(encodeState(optimizer.save(step)));
  const copies = parameters.map(({ name, shape, values }) => ({ name, shape, values: values.slice() }));
  const other = createOptimizer(saved.settings, copies);
  assert.equal(other.restore(saved), step);
  return { other, copies };
}

function assertSameFuture(optimizer: Optimizer, parameters: readonly ParameterView[], step: number): void {
  const { other, copies } = resumed(optimizer, parameters, step);
  takeSteps(optimizer, parameters, step + 1, step + 9);
  takeSteps(other, copies, step + 1, step + 9);
  assert.deepEqual(flat(copies), flat(parameters));
  assert.deepEqual(other.save(0), optimizer.save(0));
}

for (const [name, variant] of Object.entries(variants)) {
  describe(`saved state: ${name}`, () => {
    it('goes on as if it had never stopped, bit for bit', () => {
      const { optimizer, parameters } = trained(variant, dimension, 7);
      assertSameFuture(optimizer, parameters, 7);
    });

    it('goes on as if it had never stopped after changes made on the way', () => {
      const { optimizer, parameters } = trained(variant, dimension, 3);
      const precisions: Partial<LiveSettings>[] = [{ valuePrecision: 'bfloat16' }, { errorFeedbackBits: 4 }, { rank: 2 }, { errorFeedbackBits: 16, valuePrecision: 'float32' }];
      let step = 3;
      for (const change of [...changes, ...precisions]) {
        optimizer.change(change);
        takeSteps(optimizer, parameters, step + 1, step += 2);
        assertSameFuture(optimizer, parameters, step);
        step += 9;
      }
    });

    it('is a copy that later steps leave alone, and that can be restored more than once', () => {
      const { optimizer, parameters } = trained(variant, dimension, 4);
      const saved = optimizer.save(4);
      const before = encodeState(saved);
      const start = parameters.map(({ values }) => values.slice());
      takeSteps(optimizer, parameters, 5, 8);
      const first = flat(parameters);
      assert.deepEqual(encodeState(saved), before);
      parameters.forEach(({ values }, index) => { values.set(start[index]!); });
      optimizer.restore(saved);
      takeSteps(optimizer, parameters, 5, 8);
      assert.deepEqual(flat(parameters), first);
    });

    it('holds every array of the state but scratch, and goes back to where it came from', () => {
      const { optimizer } = trained(variant, dimension, 5);
      const saved = optimizer.save(5);
      const savedBytes = Object.values(saved.arrays).reduce((sum, array) => sum + array.byteLength, 0);
      assert.equal(savedBytes, bytesBut('scratch', optimizer.state));
      const fresh = createOptimizer(settingsOf(variant), twoTensors(dimension));
      fresh.restore(saved);
      assert.deepEqual(fresh.save(5), saved);
    });
  });
}

function bytesBut(left: string, state: unknown): number {
  if (ArrayBuffer.isView(state)) return state.byteLength;
  if (typeof state !== 'object' || state === null) return 0;
  return Object.entries(state).reduce((sum, [key, child]) => sum + (key === left || key === 'layout' ? 0 : bytesBut(left, child)), 0);
}

describe('saved state: names and numbers', () => {
  it('names arrays by their path, and numbers beside them', () => {
    const { numbers, arrays, step, settings, tensors } = trained(variants['sparse-mfac']!, dimension, 3).optimizer.save(3);
    for (const name of ['0.residual.entries', '0.keptRow.values', '0.keptRow.indices', '1.rows.windowValues', '1.rows.windowIndices', '1.gram']) assert.ok(name in arrays, name);
    assert.deepEqual([numbers['1.filled'], numbers['1.cursor'], numbers['1.size']], [3, 3, 5]);
    assert.deepEqual([step, settings.optimizer, settings.window, tensors.map(tensor => tensor.name)], [3, 'sparse-mfac', 5, ['dense/kernel', 'dense/bias']]);
  });

  it('goes from plain arrays into memory that threads share and back, bit for bit', async () => {
    const compute = loadWasmCompute(assets, { threads: 2, memoryLimit: 2 ** 17 });
    try {
      const variant = { optimizer: 'sparse-mfac', window: 64, density: 0.1, blockSize: 1024, momentum: 0.5 } as const;
      const parameters = twoTensors(20_000);
      const plain = createOptimizer(settingsOf(variant), parameters);
      takeSteps(plain, parameters, 1, 5);
      const shared = createOptimizer(settingsOf(variant), parameters, { compute });
      assert.ok((shared.state as [unknown, { rows: { shards: readonly unknown[] } }])[1].rows.shards.length > 1);
      shared.restore(plain.save(5));
      assert.deepEqual(shared.save(5), plain.save(5));
      takeSteps(shared, parameters, 6, 8);
      const back = createOptimizer(settingsOf(variant), parameters);
      back.restore(decodeState(encodeState(shared.save(8))));
      assert.deepEqual(back.save(8), shared.save(8));
      assert.ok(Object.values(shared.save(8).arrays).every(({ buffer }) => buffer instanceof ArrayBuffer), 'a saved state is private');
    } finally {
      await compute.close();
    }
  });

  it('is the same file however the window is sharded', () => {
    const { whole, sharded } = wholeAndSharded(variants['sparse-mfac']!, dimension, 6);
    assert.deepEqual(encodeState(sharded.save(6)), encodeState(whole.save(6)));
    const again = wholeAndSharded(variants['sparse-mfac']!, dimension, 0).sharded;
    again.restore(decodeState(encodeState(whole.save(6))));
    assert.deepEqual(again.state, sharded.state);
  });
});

describe('saved state: what is refused', () => {
  const variant = { ...variants['sparse-mfac'], momentum: 0.5 };
  const saved = () => trained(variant, dimension, 6).optimizer.save(6);
  const other = (change: Partial<Settings>, size = dimension) => createOptimizer(settingsOf({ ...variant, ...change }), twoTensors(size));

  const refuses = (optimizer: Optimizer, state: SavedState, ...messages: RegExp[]) => {
    const before = optimizer.save(1);
    assert.throws(() => optimizer.restore(state), error => {
      assert.ok(error instanceof InputError);
      for (const message of messages) assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(optimizer.save(1), before, 'nothing is changed');
  };

  it('another optimizer', () => { refuses(other({ optimizer: 'adamw' }), saved(), /optimizer is adamw, but the saved state has sparse-mfac\. Create/); });
  it('another dimension', () => { refuses(other({}, 100), saved(), /tensors\[0\] is dense\/kernel \[8,8\], but the saved state has dense\/kernel \[14,15\]\./); });
  it('other names of tensors', () => {
    refuses(createOptimizer(settingsOf(variant), twoTensors(dimension).map(tensor => ({ ...tensor, name: `other/${tensor.name}` }))), saved(), /tensors\[0\] is other\/dense\/kernel.*has dense\/kernel/);
  });
  it('other shapes of as many entries', () => {
    refuses(createOptimizer(settingsOf(variant), twoTensors(dimension).map(({ name, shape, values }) => ({ name, values, shape: shape.toReversed() }))), saved(), /tensors\[0\].*\[15,14\].*\[14,15\]/);
  });
  it('fewer tensors', () => { refuses(createOptimizer(settingsOf(variant), twoTensors(dimension).slice(1)), saved(), /tensors is 1, but the saved state has 2/); });

  const settings: readonly [change: Partial<Settings>, message: RegExp][] = [
    [{ window: 6 }, /window is 6, but the saved state has 5\. Create the optimizer with window 5/],
    [{ density: 0.2 }, /density is 0\.2, but the saved state has 0\.1\./],
    [{ blockSize: 128 }, /blockSize is 128, but the saved state has 64\./],
    [{ blockSize: null }, /blockSize is null, but the saved state has 64\./],
    [{ valuePrecision: 'bfloat16' }, /valuePrecision is bfloat16, but the saved state has float32\./],
    [{ errorFeedback: false }, /errorFeedback is false, but the saved state has true\./],
    [{ errorFeedbackBits: 8 }, /errorFeedbackBits is 8, but the saved state has 32\./],
    [{ momentum: 0 }, /momentum is off, but the saved state has 0\.5\./],
    [{ groups: [{ match: 'bias$', exact: true }] }, /tensors\[1\] is dense\/bias \[107\], exact, but the saved state has dense\/bias \[107\]\./],
  ];
  for (const [change, message] of settings) it(`another ${Object.keys(change)[0]!}: ${JSON.stringify(change)}`, () => { refuses(other(change), saved(), message); });

  it('but not settings that shape nothing, such as the learning rate', () => {
    const optimizer = other({ learningRate: 0.5, damping: 3, momentum: 0.9, weightDecay: 0.1 });
    assert.equal(optimizer.restore(saved()), 6);
  });

  it('every difference at once', () => { refuses(other({ window: 6, density: 0.2 }), saved(), /window is 6/, /density is 0\.2/); });

  const damages: readonly [what: string, damage: (state: SavedState) => Partial<SavedState>, message: RegExp][] = [
    ['a missing array', ({ arrays }) => ({ arrays: without(arrays, '1.gram') }), /1\.gram is part of the optimizer's state, but missing/],
    ['an array too many', ({ arrays }) => ({ arrays: { ...arrays, more: new Float32Array(1) } }), /more is in the saved state, but not part/],
    ['an array of another length', ({ arrays }) => ({ arrays: { ...arrays, '1.gram': new Float64Array(9) } }), /1\.gram is Float64Array of 25 entries, but the saved state has Float64Array of 9 entries/],
    ['an array of another type', ({ arrays }) => ({ arrays: { ...arrays, '1.gram': new Float32Array(25) } }), /1\.gram is Float64Array of 25 entries, but the saved state has Float32Array/],
    ['a missing number', ({ numbers }) => ({ numbers: without(numbers, '1.cursor') }), /1\.cursor is part of the optimizer's state, but missing/],
    ['a number too many', ({ numbers }) => ({ numbers: { ...numbers, more: 1 } }), /more is in the saved state, but not part/],
    ['a number that is none', ({ numbers }) => ({ numbers: { ...numbers, '1.cursor': NaN } }), /1\.cursor is NaN in the saved state, but must be finite/],
    ['another size', ({ numbers }) => ({ numbers: { ...numbers, '1.size': 4 } }), /1\.size is 5, but the saved state has 4/],
    ['another layout', ({ numbers }) => ({ numbers: { ...numbers, '1.rows.layout': 4 } }), /1\.rows\.layout is \d+, but the saved state has 4/],
    ['a step before the first', () => ({ step: -1 }), /step is -1, but must be a whole number from 0/],
    ['half a step', () => ({ step: 0.5 }), /step is 0\.5/],
  ];
  for (const [what, damage, message] of damages) {
    it(what, () => {
      const state = saved();
      refuses(other({}), { ...state, ...damage(state) }, message);
    });
  }
});

function without<Value>(record: Readonly<Record<string, Value>>, name: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}
