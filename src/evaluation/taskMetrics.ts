/** By which figures each task of classification is judged, those of GLUE as its paper says (arXiv 1804.07461, table 1). */
import type { classifications } from '../settings/dataFit';
import { accuracy, f1, matthews } from './classMetrics';
import { pearson, spearman } from './correlations';

export const metrics = { accuracy, f1, matthews, pearson, spearman };
export type Metric = keyof typeof metrics;
export type ClassificationTask = (typeof classifications)[number];

const metricsOf: Readonly<Record<ClassificationTask, readonly [Metric, ...Metric[]]>> = {
  // Its classes differ much in size, so the share of right answers says little by itself.
  'message-kinds': ['accuracy', 'matthews'],
  'cola': ['matthews'],
  'sst-2': ['accuracy'],
  'mrpc': ['f1', 'accuracy'],
  'qqp': ['f1', 'accuracy'],
  'sts-b': ['pearson', 'spearman'],
  'mnli': ['accuracy'],
  'qnli': ['accuracy'],
  'rte': ['accuracy'],
  'wnli': ['accuracy'],
};

/** The task's figures by name; one that is not defined for these predictions is absent. */
export function taskMetrics(task: ClassificationTask, labels: ArrayLike<number>, predictions: ArrayLike<number>): Partial<Record<Metric, number>> {
  const found: Partial<Record<Metric, number>> = {};
  for (const name of metricsOf[task]) {
    const value = metrics[name](labels, predictions);
    if (value !== undefined) found[name] = value;
  }
  return found;
}
