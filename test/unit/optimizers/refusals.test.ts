import assert from 'node:assert/strict';
import { createOptimizer } from '../../../src/optimizers/optimizer';
import { NonFiniteGradientError } from '../../../src/optimizers/nonFiniteGradient';
import { chain } from '../../../src/optimizers/chain';
import { weighState } from '../../../src/optimizers/stateTree';
import { flatSpace } from '../kernels/flatSpace';
import { normalVector } from '../kernels/randomVector';
import { flat, settingsOf, takeSteps, trained, twoTensors, variants } from './variants';

const dimension = 317;

for (const [name, variant] of Object.entries(variants)) {
  describe(`refusals: ${name}`, () => {
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      it(`a gradient with ${bad} changes nothing, and the run can go on`, () => {
        const { optimizer, parameters } = trained(variant, dimension, 7);
        const untouched = trained(variant, dimension, 7);
        const gradient = normalVector(dimension, 1008);
        gradient[250] = bad;
        gradient[316] = bad;
        assert.throws(() => optimizer.update(gradient, parameters, 8), (error: unknown) => {
          assert.ok(error instanceof NonFiniteGradientError);
          assert.equal(error.parameter, 'dense/bias');
          assert.equal(error.entries, 2);
          assert.match(error.message, /dense\/bias.*2 of 107 .*step 8.*Lower learningRate \(now 0\.01\)/);
          assert.equal(/raise damping \(now 0\.001\)/.test(error.message), settingsOf(variant).optimizer.endsWith('mfac'));
          return true;
        });
        assert.deepEqual(flat(parameters), flat(untouched.parameters));
        assert.deepEqual(optimizer.state, untouched.optimizer.state);
        takeSteps(optimizer, parameters, 8, 12);
        takeSteps(untouched.optimizer, untouched.parameters, 8, 12);
        assert.deepEqual(flat(parameters), flat(untouched.parameters));
      });
    }

    it('a gradient or parameters of another length change nothing', () => {
      const { optimizer, parameters } = trained(variant, dimension, 3);
      const before = flat(parameters);
      assert.throws(() => optimizer.update(new Float32Array(dimension - 1), parameters, 4), /317 parameters.*316 entries/);
      assert.throws(() => optimizer.update(new Float32Array(dimension), twoTensors(dimension + 1), 4), /317 parameters.*318 parameters/);
      assert.deepEqual(flat(parameters), before);
    });
  });
}

describe('refusals of memory', () => {
  it('an optimizer that cannot be allocated says its bytes and what to lower', () => {
    const dense = settingsOf({ optimizer: 'dense-mfac', window: 1024 });
    assert.throws(() => createOptimizer(dense, [{ name: 'w', shape: [1e12] }]), /dense-mfac for 1000000000000 parameters is 4\d{15} bytes.*Lower window \(now 1024\)\./);
  });

  it('a change that cannot be allocated changes nothing', () => {
    const { optimizer, parameters } = trained({ optimizer: 'sparse-mfac', window: 3, momentum: 0 }, dimension, 5);
    const untouched = trained({ optimizer: 'sparse-mfac', window: 3, momentum: 0 }, dimension, 5);
    assert.throws(() => optimizer.change({ window: 1e7, momentum: 0.9, learningRate: 7 }), /Lower density \(now 0\.01\) or window \(now 10000000\)/);
    assert.deepEqual(optimizer.state, untouched.optimizer.state);
    takeSteps(optimizer, parameters, 6, 9);
    takeSteps(untouched.optimizer, untouched.parameters, 6, 9);
    assert.deepEqual(flat(parameters), flat(untouched.parameters));
  });

  it('an array under a name that is no part of the state is not overlooked', () => {
    assert.deepEqual(weighState([{ residual: new Float32Array(3), count: 1 }, undefined, { keptRow: { indices: new Uint16Array(3) } }]), { residual: 12, keptRow: 6 });
    assert.throws(() => weighState({ leftovers: new Float32Array(3) }), /12 bytes belongs to no part/);
  });
});

describe('chain', () => {
  it('hands the updates from link to link, each with its own state, and remaps only what can be', () => {
    const add = (amount: number) => ({
      name: `add ${amount}`, init: () => ({ calls: 0 }),
      update: ({ dense }: { dense: Float32Array }, state: { calls: number }) => { dense[0]! += amount; state.calls++; },
    });
    const double = { name: 'double', init: () => undefined, update: ({ dense }: { dense: Float32Array }) => { dense[0]! *= 2; }, remap: () => undefined };
    const both = chain(add(1), double, add(3));
    const state = both.init(flatSpace(1));
    const updates = { dense: Float32Array.of(5), kept: undefined };
    both.update(updates, state, [], 1);
    assert.equal(updates.dense[0], 15);
    assert.deepEqual(state, [{ calls: 1 }, undefined, { calls: 1 }]);
    assert.equal(both.remap!(state, flatSpace(1))[2], state[2]);
    assert.equal(both.name, 'add 1 > double > add 3');
  });
});
