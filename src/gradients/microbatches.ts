/**
 * A batch in slices that fit into memory, one after the other (microbatches, arXiv 1904.10631). Every slice makes its own tensors of the
 * examples, and its gradient is added to what there is, so activations and inputs cost what one slice needs. With n_k of the batch's
 * weight n in slice k:
 *
 *   loss = sum over k of (n_k / n) loss_k,  gradient = sum over k of (n_k / n) gradient_k
 */
import type { Ledger } from '../memory/ledger';
import type { Place } from '../memory/stepRecorder';
import type { Phase } from '../protocol/samples';
import type { Batch, BatchSource, Evaluation, GradientSource, SliceSource } from './gradientSource';
import { mixedSeed } from './nodeSeed';

/** `size`: examples of a slice, null for the whole batch; asked in every step. The last slice may be smaller. */
export function withMicrobatches(ledger: Ledger, source: SliceSource, size: () => number | null = () => null): GradientSource {
  return async ({ model, weights, batch, seed, lossScale, receive, arrived }) => {
    const slices = cut(batch, size() ?? batch.examples);
    const evaluations: Evaluation[] = [];
    for (const [index, { from, to, weight }] of slices.entries()) {
      const share = { weight, first: index === 0, last: index === slices.length - 1 };
      const evaluation = await withExamples(ledger, 'forward', batch, from, to, examples => source({
        model, weights, seed: mixedSeed(seed, index), slices: slices.length, lossScale, batch: examples,
        receive: (parameter, gradient) => { receive(parameter, gradient, share); },
      }));
      evaluations.push(evaluation);
      if (!Number.isFinite(evaluation.loss)) break;
      if (!share.last) await arrived?.();
    }
    return join(slices.map(({ weight }) => weight), evaluations);
  };
}

const batchPlace: Place = { name: 'batch' };

/** Lets `use` see the examples as tensors, which count as data; reading and augmenting them is part of the phase that begins with them. */
export async function withExamples<Result>(ledger: Ledger, phase: Phase, batch: BatchSource, from: number, to: number, use: (examples: Batch) => Promise<Result>): Promise<Result> {
  ledger.enter(phase);
  ledger.at(batchPlace);
  const examples = ledger.scope('data', () => batch.make(from, to));
  try {
    return await use(examples);
  } finally {
    for (const input of examples.inputs) input.dispose();
    examples.labels.dispose();
  }
}

/** The slices of a batch, and what each weighs in its mean. */
export function cut(batch: BatchSource, size: number): { from: number; to: number; weight: number }[] {
  const { examples } = batch;
  const weigh = (from: number, to: number) => batch.weigh?.(from, to) ?? to - from;
  const total = weigh(0, examples);
  return Array.from({ length: Math.ceil(examples / size) }, (_, index) => {
    const [from, to] = [index * size, Math.min(examples, (index + 1) * size)];
    return { from, to, weight: weigh(from, to) / total };
  });
}

function join(weights: readonly number[], evaluations: readonly Evaluation[]): Evaluation {
  const sum = (figure: 'correct' | 'predictions' | 'flops' | 'recomputedFlops') => evaluations.every(each => each[figure] !== undefined)
    ? { [figure]: evaluations.reduce((total, each) => total + (each[figure] ?? 0), 0) } : {};
  const loss = evaluations.length === 1 ? evaluations[0]?.loss ?? NaN : evaluations.reduce((total, each, index) => total + (weights[index] ?? 0) * each.loss, 0);
  return { loss, ...sum('correct'), ...sum('predictions'), ...sum('flops'), ...sum('recomputedFlops') };
}
