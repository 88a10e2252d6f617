import assert from 'node:assert/strict';
import { accuracyOf, EvaluationSum } from '../../../src/trainer/evaluationSum';

describe('trainer: means over an evaluation', () => {
  it('weigh batches by what their losses are means of', () => {
    const sum = new EvaluationSum();
    sum.add({ loss: 1, correct: 3, predictions: 10, examples: 2, weight: 10 });
    sum.add({ loss: 4, correct: 5, predictions: 5, examples: 4, weight: 5 });
    assert.deepEqual(sum.mean(), { loss: 2, accuracy: 8 / 15 });
  });

  it('count examples where each is one prediction', () => {
    const sum = new EvaluationSum();
    sum.add({ loss: 2, correct: 3, examples: 4, weight: 4 });
    sum.add({ loss: 4, correct: 0, examples: 4, weight: 4 });
    assert.deepEqual(sum.mean(), { loss: 3, accuracy: 3 / 8 });
  });

  it('have no accuracy where nothing can be right or wrong', () => {
    const sum = new EvaluationSum();
    sum.add({ loss: 2, examples: 4, weight: 4 });
    assert.deepEqual(sum.mean(), { loss: 2 });
    assert.deepEqual([accuracyOf({ examples: 3 }), accuracyOf({ correct: 1, examples: 4 }), accuracyOf({ correct: 1, predictions: 8, examples: 4 })], [{}, { accuracy: 0.25 }, { accuracy: 0.125 }]);
  });
});
