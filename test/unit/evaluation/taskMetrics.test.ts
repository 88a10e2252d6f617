import assert from 'node:assert/strict';
import { accuracy, f1, matthews } from '../../../src/evaluation/classMetrics';
import { pearson, spearman } from '../../../src/evaluation/correlations';
import { taskMetrics } from '../../../src/evaluation/taskMetrics';
import { classifications } from '../../../src/settings/dataFit';

const close = (value: number | undefined, expected: number) => { assert.ok(value !== undefined && Math.abs(value - expected) < 1e-12, `${value ?? 'undefined'}, not ${expected}`); };

describe('evaluation: metrics of classification', () => {
  const labels = [1, 0, 1, 1, 0, 0, 1, 0, 1, 1];
  const predictions = [1, 0, 0, 1, 0, 1, 1, 0, 1, 0];
  const labels3 = [0, 1, 2, 2, 1, 0, 2, 1, 0, 0, 2, 1];
  const predictions3 = [0, 2, 2, 2, 1, 0, 1, 1, 0, 1, 2, 0];

  it('give scikit-learn\'s answers', () => {
    close(accuracy(labels, predictions), 0.7);
    close(f1(labels, predictions), 0.7272727272727273);
    close(f1(labels, predictions, 0), 0.6666666666666666);
    close(matthews(labels, predictions), 0.408248290463863);
    close(accuracy(labels3, predictions3), 0.6666666666666666);
    close(matthews(labels3, predictions3), 0.5);
  });

  it('give scipy\'s answers, with ties and far from zero', () => {
    const [marks, said] = [[0, 1.2, 5, 3.8, 3.8, 2.5, 4.4, 0], [0.3, 1, 4.1, 4, 2.9, 2.9, 5.2, 0.3]];
    close(pearson(marks, said), 0.949809598168705);
    close(spearman(marks, said), 0.9573170731707319);
    const far = [1e8 + 1, 1e8 + 2, 1e8 + 3, 1e8 + 5];
    close(pearson(far, [1, 3, 2, 9]), 0.9096512726248551);
    close(spearman(far, [1, 3, 2, 9]), 0.8);
  });

  it('obey their laws', () => {
    close(matthews(labels, labels), 1);
    close(matthews(labels, labels.map(label => 1 - label)), -1);
    close(pearson([1, 2, 3], [-2, -4, -6]), -1);
    close(spearman([1, 2, 3, 4], [1, 8, 27, 64]), 1);
    close(matthews(labels.map(label => label + 5), predictions.map(label => label + 5)), 0.408248290463863);
  });

  const undefineds: readonly (readonly [what: string, value: () => number | undefined])[] = [
    ['accuracy of nothing', () => accuracy([], [])],
    ['F1 without a positive anywhere', () => f1([0, 0], [0, 0])],
    ['Matthews of constant predictions', () => matthews([0, 1], [1, 1])],
    ['Matthews of constant labels', () => matthews([1, 1], [0, 1])],
    ['Pearson of constant predictions', () => pearson([0.1, 0.2, 0.3], [0.1, 0.1, 0.1])],
    ['Pearson of one pair', () => pearson([1], [2])],
    ['Pearson of nothing', () => pearson([], [])],
    ['Pearson with what is no number', () => pearson([1, 2, 3], [1, Number.NaN, 3])],
    ['Spearman with what is no number', () => spearman([1, 2, 3], [1, Number.NaN, 3])],
    ['Spearman of constant marks', () => spearman([4, 4], [1, 2])],
  ];
  for (const [what, value] of undefineds) it(`do not define ${what}`, () => { assert.equal(value(), undefined); });

  it('F1 is 0 where positives are there but not found', () => { assert.equal(f1([1, 0], [0, 0]), 0); });

  it('refuse series of different length', () => {
    for (const metric of [accuracy, f1, matthews, pearson, spearman]) assert.throws(() => metric([1, 2], [1]), /There are 2 .*but 1 predictions\. Give one for each/);
  });

  it('are what GLUE asks of each task', () => {
    const asked = Object.fromEntries(classifications.map(task => [task, Object.keys(taskMetrics(task, labels, predictions))]));
    assert.deepEqual(asked, {
      'message-kinds': ['accuracy', 'matthews'], 'cola': ['matthews'], 'sst-2': ['accuracy'], 'mrpc': ['f1', 'accuracy'], 'qqp': ['f1', 'accuracy'],
      'sts-b': ['pearson', 'spearman'], 'mnli': ['accuracy'], 'qnli': ['accuracy'], 'rte': ['accuracy'], 'wnli': ['accuracy'],
    });
  });

  it('leave out what is not defined', () => {
    assert.deepEqual(taskMetrics('mrpc', [0, 0], [0, 0]), { accuracy: 1 });
    assert.deepEqual(taskMetrics('cola', [0, 1], [1, 1]), {});
  });
});
