import assert from 'node:assert/strict';
import type { SelectingGroup } from '../../../src/optimizers/groupPredicates';
import { createOptimizer } from '../../../src/optimizers/optimizer';
import { normalVector, relativeDistance } from '../kernels/randomVector';
import { settingsOf } from './variants';

const shapes = [['conv/kernel', [3, 3, 1, 2]], ['conv/bias', [2]], ['dense/kernel', [2, 4]], ['dense/bias', [4]]] as const;
const parameters = () => shapes.map(([name, shape], index) => ({ name, shape: [...shape], values: normalVector(shape.reduce<number>((product, side) => product * side, 1), index + 1) }));
const dimension = 32;

/** What one step of plain gradient descent adds to each tensor, by name. */
function moved(groups: readonly SelectingGroup[], gradient: Float32Array, settings: { learningRate: number; weightDecay: number }): Map<string, Float32Array> {
  const tensors = parameters();
  createOptimizer({ ...settingsOf({ optimizer: 'sgd', ...settings }), groups }, tensors).update(gradient, tensors, 1);
  const before = parameters();
  return new Map(tensors.map(({ name, values }, index) => [name, values.map((value, at) => value - before[index]!.values[at]!)]));
}

const of = (name: string) => parameters().find(tensor => tensor.name === name)!.values;
const isNear = (actual: Float32Array, expected: Float32Array) => assert.ok(relativeDistance(actual, expected) < 1e-5, `${[...actual].join()} for ${[...expected].join()}`);

describe('parameter groups in an optimizer', () => {
  it('biases without weight decay', () => {
    const after = moved([{ match: 'bias$', weightDecay: 0 }], new Float32Array(dimension), { learningRate: 0.1, weightDecay: 0.5 });
    for (const [name] of shapes) isNear(after.get(name)!, of(name).map(value => name.endsWith('bias') ? 0 : -0.05 * value));
  });

  it('a share of the learning rate, of the step and of the decay alike; 0 freezes', () => {
    const gradient = new Float32Array(dimension).fill(1);
    const after = moved([{ match: '^conv/k', learningRateScale: 0 }, { match: '^conv', learningRateScale: 3, weightDecay: 0.2 }, { dimensions: 2, weightDecay: 0.1 }], gradient, { learningRate: 0.1, weightDecay: 0 });
    isNear(after.get('conv/kernel')!, new Float32Array(18));
    isNear(after.get('conv/bias')!, of('conv/bias').map(value => -0.3 * (1 + 0.2 * value)));
    isNear(after.get('dense/kernel')!, of('dense/kernel').map(value => -0.1 * (1 + 0.1 * value)));
    isNear(after.get('dense/bias')!, new Float32Array(4).fill(-0.1));
  });

  it('a text, an expression and a function that pick the same tensors do the same, step after step', () => {
    const matches = ['^(conv|dense)/bias$', /bias$/, /BIAS$/gi, ({ shape }: { shape: readonly number[] }) => shape.length === 1];
    const results = matches.map(match => {
      const tensors = parameters();
      const optimizer = createOptimizer({ ...settingsOf({ optimizer: 'sparse-mfac', window: 3, density: 0.2, weightDecay: 0.3 }), groups: [{ match, exact: true, weightDecay: 0, learningRateScale: 2 }] }, tensors);
      for (let step = 1; step <= 5; step++) optimizer.update(normalVector(dimension, step), tensors, step);
      return tensors.map(({ values }) => values);
    });
    for (const result of results.slice(1)) assert.deepEqual(result, results[0]);
  });

  it('an expression that remembers where it stopped matches one name after the other', () => {
    const after = moved([{ match: /^(conv|dense)/g, weightDecay: 0 }], new Float32Array(dimension), { learningRate: 1, weightDecay: 0.5 });
    for (const [name] of shapes) isNear(after.get(name)!, of(name).map(() => 0));
  });

  it('exact tensors are not compressed: with one entry kept of each block, theirs move all the same', () => {
    const tensors = parameters();
    const optimizer = createOptimizer(settingsOf({ optimizer: 'sparse-mfac', window: 2, density: 1e-4, blockSize: null, groups: [{ dimensions: 1, exact: true }] }), tensors);
    const gradient = normalVector(dimension, 9);
    optimizer.update(gradient, tensors, 1);
    const [convKernel, convBias, denseKernel, denseBias] = [gradient.subarray(0, 18), gradient.subarray(18, 20), gradient.subarray(20, 28), gradient.subarray(28)];
    for (const bias of [convBias, denseBias]) assert.ok(bias.every(value => value !== 0));
    for (const kernel of [convKernel, denseKernel]) assert.equal(kernel.filter(value => value !== 0).length, 1);
  });

  it('an expression that is none is refused when the optimizer is made', () => {
    assert.throws(() => createOptimizer(settingsOf({ optimizer: 'sgd', groups: [{ match: '[' }] }), parameters()), /groups has the match "\[", which is no regular expression/);
  });
});
