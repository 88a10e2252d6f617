/** How well class numbers are predicted. What is not defined for the labels and predictions at hand is undefined. */

/** Share of the predictions that are right. */
export function accuracy(labels: ArrayLike<number>, predictions: ArrayLike<number>): number | undefined {
  checkLengths(labels, predictions);
  let right = 0;
  for (let example = 0; example < labels.length; example++) right += labels[example] === predictions[example] ? 1 : 0;
  return labels.length === 0 ? undefined : right / labels.length;
}

/** Harmonic mean of precision and recall of one class: 2 TP / (2 TP + FP + FN); undefined where it is neither there nor predicted. */
export function f1(labels: ArrayLike<number>, predictions: ArrayLike<number>, positive = 1): number | undefined {
  checkLengths(labels, predictions);
  let [both, either] = [0, 0];
  for (let example = 0; example < labels.length; example++) {
    const [is, said] = [labels[example] === positive, predictions[example] === positive];
    both += is && said ? 1 : 0;
    either += Number(is) + Number(said);
  }
  return either === 0 ? undefined : 2 * both / either;
}

/**
 * Matthews' correlation of labels and predictions, for any number of classes (Gorodkin, 2004): with n examples, c of them right,
 * t_k of class k and p_k predicted to be,
 *
 *   (c n - Σ t_k p_k) / sqrt((n² - Σ t_k²) (n² - Σ p_k²)).
 *
 * Undefined where all labels, or all predictions, are of one class.
 */
export function matthews(labels: ArrayLike<number>, predictions: ArrayLike<number>): number | undefined {
  checkLengths(labels, predictions);
  const [there, predicted] = [countsOf(labels), countsOf(predictions)];
  let right = 0;
  for (let example = 0; example < labels.length; example++) right += labels[example] === predictions[example] ? 1 : 0;
  const n = labels.length;
  const product = (left: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>) => [...left].reduce((sum, [label, count]) => sum + count * (other.get(label) ?? 0), 0);
  // Two roots, since the product of the two differences reaches n⁴.
  const scale = Math.sqrt(n * n - product(there, there)) * Math.sqrt(n * n - product(predicted, predicted));
  return scale === 0 ? undefined : (right * n - product(there, predicted)) / scale;
}

function countsOf(values: ArrayLike<number>): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (let place = 0; place < values.length; place++) counts.set(values[place] as number, (counts.get(values[place] as number) ?? 0) + 1);
  return counts;
}

function checkLengths({ length }: ArrayLike<number>, predictions: ArrayLike<number>): void {
  if (predictions.length !== length) throw new Error(`There are ${length} labels, but ${predictions.length} predictions. Give one for each.`);
}
