/** What settings may do to the result of training, where people read it. */
import type { Risk } from './plan';

export const riskWords: Readonly<Record<Risk, string>> = {
  same: 'same result', rounding: 'sums in another order', statistics: 'other batch statistics', precision: 'two bytes a number', sparsity: 'fewer weights',
};
