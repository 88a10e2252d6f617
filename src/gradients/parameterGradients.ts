/** Adds up the parts of each parameter's gradient, and hands it over when the last has come. */
import { add, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Ledger } from '../memory/ledger';

export class ParameterGradients {
  private readonly sums = new Map<number, Tensor>();
  private readonly left: number[];
  private readonly done = new Set<number>();

  /** `uses`: by parameter, how many parts will come. */
  constructor(private readonly ledger: Ledger, uses: readonly number[], private readonly receive: (parameter: number, gradient: Tensor) => void) {
    this.left = [...uses];
  }

  /** Takes over a part, or a term of one that is whole with its last. */
  add(parameter: number, part: Tensor, isWhole = true): void {
    const { ledger, sums } = this;
    const before = sums.get(parameter);
    const total = before === undefined ? part : ledger.scope('workspace', () => tidy(() => add(before, part)));
    if (before !== undefined) {
      before.dispose();
      part.dispose();
    }
    ledger.claim(total, 'gradients');
    sums.set(parameter, total);
    if (isWhole) this.skip(parameter);
  }

  /** A part does not come: its node got no gradient. */
  skip(parameter: number): void {
    const left = (this.left[parameter] ?? 0) - 1;
    this.left[parameter] = left;
    if (left === 0) this.handOver(parameter);
  }

  /** Hands over zeros for parameters that do not influence the loss. */
  finish(zerosOf: (parameter: number) => Tensor): void {
    this.left.forEach((_, parameter) => {
      if (this.done.has(parameter)) return;
      this.sums.set(parameter, zerosOf(parameter));
      this.handOver(parameter);
    });
  }

  dispose(): void {
    for (const sum of this.sums.values()) sum.dispose();
    this.sums.clear();
  }

  private handOver(parameter: number): void {
    const sum = this.sums.get(parameter);
    if (sum === undefined) return;
    this.done.add(parameter);
    try {
      this.receive(parameter, sum);
    } finally {
      sum.dispose();
      this.sums.delete(parameter);
    }
  }
}
