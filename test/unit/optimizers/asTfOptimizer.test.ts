import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { loadCpu } from '../../../src/backends/cpu';
import { asTfOptimizer, EfcpOptimizer, type TfOptimizerSettings } from '../../../src/optimizers/asTfOptimizer';
import { NonFiniteGradientError } from '../../../src/optimizers/nonFiniteGradient';
import { createOptimizer } from '../../../src/optimizers/optimizer';
import { defaultsFor, type Settings } from '../../../src/settings/knobs';
import { optimizers } from '../../../src/settings/optimizers';
import { InputError } from '../../../src/settings/problem';

const small: TfOptimizerSettings = { window: 4, density: 0.3, blockSize: 8, learningRate: 0.05, momentum: 0.5 };

describe('asTfOptimizer', () => {
  let variables: tf.Variable[];
  let others: tf.Tensor[];
  before(async () => { await loadCpu('a test'); });
  beforeEach(() => {
    variables = [tf.variable(tf.tensor2d([[1, -2, 3], [4, 5, -6]]), true, 'w'), tf.variable(tf.tensor1d([0.5, -0.5, 2]), true, 'b')];
    others = [];
  });
  afterEach(() => {
    variables.forEach(variable => { variable.dispose(); });
    tf.dispose(others);
    assert.deepEqual(Object.keys(tf.engine().registeredVariables).filter(name => ['w', 'b'].includes(name)), []);
  });

  const loss = (): tf.Scalar => tf.add(tf.sum(tf.square(variables[0]!)), tf.sum(tf.square(variables[1]!)));
  const values = () => variables.map(variable => [...variable.dataSync()]);
  const take = (optimizer: EfcpOptimizer, steps: number) => {
    for (let step = 0; step < steps; step++) optimizer.minimize(loss);
    return values();
  };

  for (const name of optimizers) {
    it(`${name}: steps are those of the optimizer on plain arrays, in either form of gradients`, () => {
      const settings: Settings = { ...defaultsFor(name), ...small, groups: [] };
      const parameters = variables.map(({ name: of, shape }, index) => ({ name: of, shape, values: Float32Array.from(values()[index]!) }));
      const plain = createOptimizer(settings, parameters);
      const optimizer = asTfOptimizer(name, small);
      for (let step = 1; step <= 6; step++) {
        plain.update(Float32Array.from(parameters.flatMap(parameter => [...parameter.values.map(value => 2 * value)])), parameters, step);
        if (step % 2 === 0) optimizer.minimize(loss, false, variables);
        else optimizer.minimize(loss);
        assert.deepEqual(values(), parameters.map(parameter => [...parameter.values]), `step ${step}`);
      }
      assert.deepEqual([optimizer.iterations, optimizer.stateBytes()], [6, plain.stateBytes()]);
    });
  }

  it('is an optimizer to TensorFlow.js, returns the cost where asked, and keeps no tensor', () => {
    const optimizer = asTfOptimizer('sparse-mfac', small);
    assert.ok(optimizer instanceof tf.Optimizer);
    take(optimizer, 2);
    const before = tf.memory().numTensors;
    for (let step = 0; step < 10; step++) {
      const cost = optimizer.minimize(loss, true);
      assert.ok(cost!.dataSync()[0]! >= 0);
      cost!.dispose();
      assert.equal(optimizer.minimize(loss), null);
    }
    assert.equal(tf.memory().numTensors, before);
  });

  it('takes a variable without a gradient to have one of zeros', () => {
    const optimizer = asTfOptimizer('sgd', { learningRate: 0.1, weightDecay: 0.5 });
    const onlyFirst = (): tf.Scalar => tf.sum(tf.square(variables[0]!));
    optimizer.minimize(onlyFirst, false, variables);
    assert.deepEqual(values()[1], [...Float32Array.of(0.5, -0.5, 2)].map(value => Math.fround(value + Math.fround(-0.1 * 0.5 * value))), 'only the decay acts');
    optimizer.minimize(loss);
    optimizer.applyGradients({ b: variables[1]! });
  });

  it('leaves variables alone that are not to be trained', () => {
    const optimizer = asTfOptimizer('adamw');
    variables[1]!.trainable = false;
    optimizer.minimize(loss, false, variables);
    assert.deepEqual(values()[1], [0.5, -0.5, 2]);
    assert.notEqual(values()[0]![0], 1);
    assert.deepEqual(optimizer.stateBytes(), { firstMoment: 24, secondMoment: 24 });
  });

  it('leaves a variable alone that is frozen later', () => {
    const optimizer = asTfOptimizer('adamw');
    take(optimizer, 2);
    variables[1]!.trainable = false;
    const before = values()[1];
    optimizer.minimize(loss, false, variables);
    assert.deepEqual(values()[1], before);
  });

  it('refuses a variable that appears after the first step, and one that is gone', () => {
    const optimizer = asTfOptimizer('sgd');
    optimizer.applyGradients({ w: variables[0]! });
    assert.throws(() => { optimizer.minimize(loss); }, /The variable "b" has a gradient at step 2, but was not among the 1 of the first step/);
    assert.throws(() => { optimizer.applyGradients({ gone: variables[0]! }); }, /There is no variable "gone"/);
    assert.throws(() => { optimizer.applyGradients({ w: variables[1]! }); }, /The gradient of "w" has the shape \[3\], but the variable has \[2, 3\]/);
    assert.equal(optimizer.iterations, 1);
  });

  it('refuses a gradient that is not finite, with nothing changed and no tensor left behind', async () => {
    const optimizer = asTfOptimizer('sparse-mfac', small);
    take(optimizer, 3);
    const [before, state] = [values(), await dataOf(optimizer)];
    const tensors = tf.memory().numTensors;
    assert.throws(() => optimizer.minimize(() => tf.sum(tf.log(tf.mul(variables[0]!, 0))), true, variables), error => error instanceof NonFiniteGradientError && error.parameter === 'w');
    assert.deepEqual([values(), await dataOf(optimizer), optimizer.iterations, tf.memory().numTensors], [before, state, 3, tensors]);
  });

  it('changes settings between steps, and refuses those that cannot change', () => {
    const optimizer = asTfOptimizer('sparse-mfac', small);
    optimizer.change({ learningRate: 0.1 });
    take(optimizer, 3);
    optimizer.change({ window: 2, density: 1, learningRate: 0.2 });
    take(optimizer, 3);
    assert.equal(optimizer.stateBytes().windowValues, 4 * 2 * 9);
    assert.deepEqual([optimizer.getConfig()['window'], optimizer.getConfig()['learningRate']], [2, 0.2]);
    assert.throws(() => { optimizer.change({ errorFeedback: false } as object); }, InputError);
    assert.throws(() => { optimizer.change({ beta1: 0.5 }); }, /beta1 has no effect on the optimizer sparse-mfac/);
  });

  it('refuses settings by name', () => {
    const refused: readonly [settings: object, message: RegExp][] = [
      [{ densty: 0.1 }, /"densty" is not a setting\. Did you mean "density"/], [{ density: 2 }, /density is 2, but must be/], [{ epochs: 3 }, /"epochs" is not a setting of an optimizer/],
      [{ window: 2.5 }, /window is 2\.5/], [{ groups: [{ match: 1 }] }, /groups\[0\]\.match is 1, but must be the text of a regular expression/], [{ groups: [{ match: '(' }] }, /groups\[0\]\.match is "\(", which is no regular expression/],
    ];
    for (const [settings, message] of refused) assert.throws(() => asTfOptimizer('sparse-mfac', settings), message);
    assert.throws(() => asTfOptimizer('adamw', { beta2: 1 }), /beta2 is 1, but must be a number from 0 to 0\.99999 for the optimizer adamw/);
  });

  it('takes groups by expression and by predicate, which come to the same', () => {
    const step = (groups: TfOptimizerSettings['groups']) => {
      variables[0]!.assign(tf.tidy(() => tf.ones([2, 3])));
      variables[1]!.assign(tf.tidy(() => tf.ones([3])));
      const optimizer = asTfOptimizer('sgd', { learningRate: 0.1, weightDecay: 0.5, groups: groups! });
      optimizer.minimize(loss);
      return { values: values(), optimizer };
    };
    const byName = step([{ match: '^b$', weightDecay: 0 }]);
    const byPredicate = step([{ match: tensor => tensor.shape.length === 1, weightDecay: 0 }]);
    assert.deepEqual(byPredicate.values, byName.values);
    assert.notEqual(byName.values[0]![0], byName.values[1]![0]);
    assert.deepEqual(byPredicate.optimizer.getConfig()['groups'], { name: '[{"weightDecay":0,"match":"^(?:b)$"}]' });
    assert.deepEqual(step([{ match: /^B$/i, weightDecay: 0 }]).values, byName.values);
    assert.throws(() => asTfOptimizer('sgd', { groups: [{ match: () => true }] }).getConfig(), /groups\[0\]\.match is a function/);
    assert.deepEqual(step([{ match: () => false, weightDecay: 0 }]).values[1]![0], byName.values[0]![0]);
  });

  describe('weights and config', () => {
    const copyOf = async (optimizer: EfcpOptimizer) => {
      const copy = EfcpOptimizer.fromConfig<EfcpOptimizer>(EfcpOptimizer, JSON.parse(JSON.stringify(optimizer.getConfig())) as tf.serialization.ConfigDict);
      const weights = await optimizer.getWeights();
      await copy.setWeights(weights);
      tf.dispose(weights.map(({ tensor }) => tensor));
      return copy;
    };

    for (const name of optimizers) {
      it(`${name}: another optimizer with its config and weights goes on bit for bit`, async () => {
        const optimizer = asTfOptimizer(name, { ...small, groups: [{ match: 'b$', weightDecay: 0.1 }] });
        take(optimizer, 5);
        const start = values();
        const copy = await copyOf(optimizer);
        const expected = take(optimizer, 5);
        variables.forEach((variable, index) => { variable.assign(tf.tidy(() => tf.tensor(start[index]!, variable.shape))); });
        assert.deepEqual([take(copy, 5), copy.iterations, copy.stateBytes()], [expected, 10, optimizer.stateBytes()]);
      });
    }

    it('has only the steps before the first', async () => {
      const optimizer = asTfOptimizer('sparse-mfac', small);
      const weights = await optimizer.getWeights();
      assert.deepEqual(weights.map(({ name, tensor }) => [name, tensor.dtype, ...tensor.dataSync()]), [['iter', 'int32', 0]]);
      tf.dispose(weights.map(({ tensor }) => tensor));
      const copy = await copyOf(optimizer);
      take(copy, 1);
    });

    it('refuses the weights of another optimizer, of other settings and of other variables, with nothing changed', async () => {
      const optimizer = asTfOptimizer('sparse-mfac', small);
      take(optimizer, 3);
      const weights = await optimizer.getWeights();
      others.push(...weights.map(({ tensor }) => tensor));
      await assert.rejects(asTfOptimizer('adamw').setWeights(weights), /optimizer is adamw, but the saved state has sparse-mfac/);
      const other = asTfOptimizer('sparse-mfac', { ...small, window: 5 });
      take(other, 2);
      const before = await dataOf(other);
      await assert.rejects(other.setWeights(weights), /window is 5, but the saved state has 4/);
      assert.deepEqual([await dataOf(other), other.iterations], [before, 2]);
      await assert.rejects(other.setWeights([]), /takes the two weights/);
      const damaged = tf.tensor1d(weights[1]!.tensor.dataSync().map((word, at) => at === 50 ? word ^ 1 : word), 'int32');
      others.push(damaged);
      await assert.rejects(asTfOptimizer('sparse-mfac', small).setWeights([weights[0]!, { name: 'efcp/state', tensor: damaged }]), InputError);
      const third = asTfOptimizer('sparse-mfac', small);
      await third.setWeights(weights);
      assert.throws(() => { third.applyGradients({ w: variables[0]! }); }, /The restored state is of tensors of shapes \[\[2,3\],\[3\]\], but the gradients are of \[\[2,3\]\]/);
    });
  });
});

/** The weights as plain numbers. */
async function dataOf(optimizer: EfcpOptimizer): Promise<number[][]> {
  const weights = await optimizer.getWeights();
  const data = weights.map(({ tensor }) => [...tensor.dataSync()]);
  tf.dispose(weights.map(({ tensor }) => tensor));
  return data;
}
