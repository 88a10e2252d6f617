/** What settings may do to the result of training, and how people read it. Apart from the plan's schema: the panel bundles no validation. */

/**
 * What settings may do to the result of training, from least to most. `same`: bit for bit the same. `rounding`: sums in another order.
 * `statistics`: batch normalisation sees smaller batches. `precision`: fewer bits a number. `sparsity`: fewer numbers kept, of weights or of remembered gradients.
 */
export const risks = ['same', 'rounding', 'statistics', 'precision', 'sparsity'] as const;
export type Risk = (typeof risks)[number];

export const riskWords: Readonly<Record<Risk, string>> = {
  same: 'same result', rounding: 'sums in another order', statistics: 'other batch statistics', precision: 'fewer bits a number', sparsity: 'fewer numbers kept',
};
