/**
 * The mean of the parameters of several checkpoints, which often predicts better than the last of them (Vaswani et al., arXiv 1706.03762,
 * section 6.1). Sums are in float64 and rounded once. Bytes held: 8d.
 */
import type { ParameterView } from '../../optimizers/transformation';
import { InputError } from '../../settings/problem';

interface Sum {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

export class ParameterAverage {
  private sums: readonly Sum[] = [];
  private count = 0;

  /** `source` names where they come from. Throws InputError where they are not tensors of the same names and shapes as those before. */
  add(views: readonly ParameterView[], source: string): void {
    if (this.count === 0) this.sums = views.map(({ name, shape, values }) => ({ name, shape, values: new Float64Array(values.length) }));
    const [own, others] = [this.sums, views].map(each => each.map(inWords));
    if (own?.join() !== others?.join()) {
      const place = others?.findIndex((words, at) => words !== own?.[at]) ?? 0;
      throw new InputError([{ field: 'average', message: `${source} holds ${others?.[place] ?? `${others?.length ?? 0} tensors`}, but the checkpoints before it ${own?.[place] ?? `${own?.length ?? 0} tensors`}; only tensors of the same names and shapes have a mean. Average the checkpoints of one run.` }]);
    }
    this.count++;
    views.forEach(({ values }, at) => {
      const sum = this.sums[at]?.values as Float64Array;
      for (let entry = 0; entry < sum.length; entry++) sum[entry] = (sum[entry] ?? 0) + (values[entry] ?? 0);
    });
  }

  mean(): ParameterView[] {
    const { count } = this;
    return this.sums.map(({ name, shape, values }) => ({ name, shape, values: Float32Array.from(values, sum => sum / count) }));
  }
}

function inWords({ name, shape }: Pick<Sum, 'name' | 'shape'>): string {
  return `${name} [${shape.join(', ')}]`;
}
