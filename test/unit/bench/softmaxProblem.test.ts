import assert from 'node:assert/strict';
import { softmaxProblem } from '../../../src/bench/convergence/softmaxProblem';
import { trainSoftmax } from '../../../src/bench/convergence/trainSoftmax';
import { normalVector } from '../kernels/randomVector';

const size = { examples: 60, features: 7, classes: 4, batch: 60 };

describe('the softmax problem', () => {
  it('starts at the logarithm of the number of classes', () => {
    assert.ok(Math.abs(softmaxProblem(1, size).loss(new Float32Array(28)) - Math.log(4)) < 1e-12);
  });

  it('its gradient is the slope of its loss', () => {
    const problem = softmaxProblem(2, size);
    const weights = normalVector(28, 5);
    const gradient = new Float32Array(28);
    problem.gradient(weights, Int32Array.from({ length: 60 }, (_, at) => at), gradient);
    for (let at = 0; at < 28; at++) {
      const moved = (by: number) => problem.loss(weights.map((weight, index) => index === at ? weight + by : weight));
      assert.ok(Math.abs((moved(0.01) - moved(-0.01)) / 0.02 - gradient[at]!) < 1e-4, `entry ${at}`);
    }
  });

  it('a seed fixes the problem and its batches, which are draws of all examples', () => {
    const [one, other, third] = [softmaxProblem(3, size), softmaxProblem(3, size), softmaxProblem(4, size)];
    const weights = normalVector(28, 5);
    assert.equal(one.loss(weights), other.loss(weights));
    assert.notEqual(one.loss(weights), third.loss(weights));
    const [draw, again] = [one.batches(), one.batches()];
    assert.deepEqual([draw(), draw()], [again(), again()]);
    const seen = new Set(Array.from({ length: 20 }, draw).flatMap(batch => [...batch]));
    assert.deepEqual([...seen].sort((a, b) => a - b), Array.from({ length: 60 }, (_, at) => at));
  });

  it('features shrink by 3 % from one to the next', () => {
    const features = 60;
    const problem = softmaxProblem(1, { examples: 3000, features, classes: 2, batch: 3000 });
    // At zero weights with two classes, an entry of the gradient of one example is half a feature, up to its sign.
    const gradient = new Float32Array(2 * features);
    const squares = new Float64Array(features);
    for (let example = 0; example < 3000; example++) {
      problem.gradient(new Float32Array(2 * features), Int32Array.of(example), gradient);
      for (let at = 0; at < features; at++) squares[at] = squares[at]! + 4 * gradient[2 * at]! ** 2 / 3000;
    }
    const fall = Math.sqrt(squares.slice(-10).reduce((sum, square) => sum + square, 0) / squares.slice(0, 10).reduce((sum, square) => sum + square, 0));
    assert.ok(Math.abs(fall / 0.97 ** (features - 10) - 1) < 0.15, `${fall}`);
  });

  it('training records a curve from the start to the final loss; what diverges is infinite', () => {
    const problem = softmaxProblem(1, size);
    const { loss, curve } = trainSoftmax(problem, { optimizer: 'sgd', learningRate: 1 }, 200);
    assert.deepEqual([curve[0]?.step, curve.at(-1)], [0, { step: 200, loss }]);
    assert.ok(loss < curve[0]!.loss);
    const crowded = softmaxProblem(1, { ...size, examples: 2000 });
    assert.equal(trainSoftmax(crowded, { optimizer: 'sgd', learningRate: 1e38, momentum: 0.9 }, 200).loss, Infinity);
  });
});
