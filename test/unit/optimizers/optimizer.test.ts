import assert from 'node:assert/strict';
import type { Settings } from '../../../src/settings/knobs';
import { createOptimizer } from '../../../src/optimizers/optimizer';
import { normalVector, relativeDistance } from '../kernels/randomVector';
import { flat, settingsOf, takeSteps, trained, twoTensors } from './variants';

const dimension = 317;

describe('density 1 is dense M-FAC', () => {
  for (const blockSize of [null, 2, 7, 100, 65_536]) {
    for (const extra of [{}, { momentum: 0.9, weightDecay: 0.1 }] as Partial<Settings>[]) {
      it(`in blocks of ${blockSize ?? 'any length'}${extra.momentum === undefined ? '' : ', with momentum and decay'}, for four times round the ring`, () => {
        const shared = { window: 6, damping: 1e-3, ...extra };
        const sparse = createOptimizer(settingsOf({ optimizer: 'sparse-mfac', density: 1, blockSize, ...shared }), twoTensors(dimension));
        const dense = createOptimizer(settingsOf({ optimizer: 'dense-mfac', ...shared }), twoTensors(dimension));
        const [ofSparse, ofDense] = [twoTensors(dimension), twoTensors(dimension)];
        for (let step = 1; step <= 24; step++) {
          const updates = [takeSteps(sparse, ofSparse, step, step), takeSteps(dense, ofDense, step, step)] as const;
          assert.ok(relativeDistance(...updates) < 1e-6, `step ${step}`);
        }
        assert.ok(relativeDistance(flat(ofSparse), flat(ofDense)) < 1e-6);
      });
    }
  }
});

describe('the update, written out', () => {
  const learningRate = 0.05;
  const weightDecay = 0.3;

  it('sgd: v = momentum v + g, theta = (1 - eta wd) theta - eta v', () => {
    const optimizer = createOptimizer(settingsOf({ optimizer: 'sgd', momentum: 0.8, learningRate, weightDecay }), [{ name: 'w', shape: [1] }]);
    const parameters = [{ name: 'w', shape: [1], values: Float32Array.of(2) }];
    let [theta, velocity] = [2, 0];
    [1, -3, 0.5].forEach((gradient, index) => {
      velocity = 0.8 * velocity + gradient;
      theta = (1 - learningRate * weightDecay) * theta - learningRate * velocity;
      optimizer.update(Float32Array.of(gradient), parameters, index + 1);
      assert.ok(Math.abs(parameters[0]!.values[0]! - theta) < 1e-6);
    });
  });

  it('sgd with Nesterov: theta = (1 - eta wd) theta - eta (g + momentum v), and plain sgd where momentum is 0', () => {
    for (const momentum of [0.8, 0]) {
      const optimizer = createOptimizer(settingsOf({ optimizer: 'sgd', momentum, nesterov: true, learningRate, weightDecay }), [{ name: 'w', shape: [1] }]);
      const parameters = [{ name: 'w', shape: [1], values: Float32Array.of(2) }];
      let [theta, velocity] = [2, 0];
      [1, -3, 0.5].forEach((gradient, index) => {
        velocity = momentum * velocity + gradient;
        theta = (1 - learningRate * weightDecay) * theta - learningRate * (gradient + momentum * velocity);
        optimizer.update(Float32Array.of(gradient), parameters, index + 1);
        assert.ok(Math.abs(parameters[0]!.values[0]! - theta) < 1e-6);
      });
    }
  });

  it('weight decay shrinks every tensor by learning rate times decay', () => {
    for (const optimizer of ['sgd', 'adamw', 'dense-mfac', 'sparse-mfac'] as const) {
      const parameters = twoTensors(dimension);
      const before = flat(parameters);
      createOptimizer(settingsOf({ optimizer, learningRate, weightDecay }), parameters).update(new Float32Array(dimension), parameters, 1);
      assert.ok(relativeDistance(flat(parameters), before.map(value => value * (1 - learningRate * weightDecay))) < 1e-6, optimizer);
    }
  });

  it('adamw: bias-corrected moments, decoupled decay', () => {
    const [beta1, beta2, epsilon] = [0.7, 0.9, 1e-3];
    const optimizer = createOptimizer(settingsOf({ optimizer: 'adamw', learningRate, weightDecay, beta1, beta2, epsilon }), [{ name: 'w', shape: [1] }]);
    const parameters = [{ name: 'w', shape: [1], values: Float32Array.of(2) }];
    let [theta, first, second] = [2, 0, 0];
    [1, -3, 0.5, 0].forEach((gradient, index) => {
      const step = index + 1;
      first = beta1 * first + (1 - beta1) * gradient;
      second = beta2 * second + (1 - beta2) * gradient ** 2;
      const scaled = first / (1 - beta1 ** step) / (Math.sqrt(second / (1 - beta2 ** step)) + epsilon);
      theta = (1 - learningRate * weightDecay) * theta - learningRate * scaled;
      optimizer.update(Float32Array.of(gradient), parameters, step);
      assert.ok(Math.abs(parameters[0]!.values[0]! - theta) < 1e-6);
    });
  });

  it('dense-mfac: momentum comes after preconditioning', () => {
    const optimizer = createOptimizer(settingsOf({ optimizer: 'dense-mfac', window: 4, damping: 0.1, momentum: 0.5, learningRate, weightDecay }), [{ name: 'w', shape: [2] }]);
    const parameters = [{ name: 'w', shape: [2], values: Float32Array.of(2, -1) }];
    optimizer.update(Float32Array.of(3, 0), parameters, 1);
    optimizer.update(Float32Array.of(0, 2), parameters, 2);
    // Orthogonal gradients: u = g / (damping + |g|^2 / 4).
    const [u, next] = [3 / (0.1 + 9 / 4), 2 / (0.1 + 4 / 4)];
    const shrink = 1 - learningRate * weightDecay;
    const expected = [(2 * shrink - learningRate * u) * shrink - learningRate * 0.5 * u, -1 * shrink * shrink - learningRate * next];
    assert.ok(relativeDistance(parameters[0]!.values, expected) < 1e-6);
  });
});

describe('live settings', () => {
  it('are read at the next step', () => {
    const { optimizer, parameters } = trained({ optimizer: 'sgd', learningRate: 1 }, dimension, 1);
    const before = flat(parameters);
    const gradient = normalVector(dimension, 1);
    optimizer.change({ learningRate: 0.25 });
    optimizer.update(gradient.slice(), parameters, 2);
    assert.deepEqual(flat(parameters), before.map((value, at) => value - gradient[at]! / 4));
  });

  it('leave the settings they were made from alone', () => {
    const settings = settingsOf({ optimizer: 'sgd' });
    createOptimizer(settings, twoTensors(10)).change({ learningRate: 5 });
    assert.equal(settings.learningRate, settingsOf({}).learningRate);
  });

  it('momentum starts from rest when it is turned on, and forgets when it is turned off', () => {
    const { optimizer, parameters } = trained({ optimizer: 'sgd', momentum: 0.9, learningRate: 1 }, dimension, 5);
    optimizer.change({ momentum: 0 });
    assert.deepEqual(optimizer.stateBytes(), {});
    const gradient = normalVector(dimension, 1006);
    assert.deepEqual(takeSteps(optimizer, parameters, 6, 6), gradient.map(value => -value));
    optimizer.change({ momentum: 0.5 });
    assert.deepEqual(takeSteps(optimizer, parameters, 6, 6), gradient.map(value => -value));
    assert.deepEqual(takeSteps(optimizer, parameters, 6, 6), gradient.map(value => -value * 1.5));
  });
});
