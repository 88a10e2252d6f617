/** Loss parity: every technique in short runs of the same networks on the same real data, over several seeds, beside the baseline. */
import type { Backend } from '../../backends/backend';
import { dataOf } from '../../settings/dataFit';
import { defaultsFor } from '../../settings/knobs';
import { trainVariant, type ParityOutcome, type ParityProblem } from './trainVariant';
import { parityModels, type ParityVariant } from './variants';

export interface VariantResult {
  readonly variant: ParityVariant;
  /** One a seed, in order. */
  readonly outcomes: readonly ParityOutcome[];
}

export interface ParityResult {
  readonly problem: ParityProblem;
  readonly seeds: readonly number[];
  readonly results: readonly VariantResult[];
}

/** Is told before every run. */
export type ParityProgress = (problem: ParityProblem, variant: ParityVariant, done: number, total: number) => void;

export async function runParity(problem: ParityProblem, seeds: readonly number[], backend: Backend, assets: string, signal: AbortSignal, progress: ParityProgress, variants = parityModels[problem.model].recipe.variants): Promise<ParityResult> {
  const results: VariantResult[] = [];
  for (const [index, variant] of variants.entries()) {
    const outcomes: ParityOutcome[] = [];
    for (const seed of seeds) {
      progress(problem, variant, index * seeds.length + outcomes.length, variants.length * seeds.length);
      const { settings: recipe } = parityModels[problem.model].recipe;
      const settings = { ...defaultsFor(recipe.optimizer ?? 'sgd'), model: problem.model, data: dataOf(problem.model)[0], ...recipe, ...variant.settings, backend: backend.name, seed };
      outcomes.push(await trainVariant(problem, settings, backend, assets, signal));
    }
    results.push({ variant, outcomes });
  }
  return { problem, seeds, results };
}

export interface Finding {
  readonly variant: ParityVariant;
  /** Validation loss less the baseline's of the same seed: mean over seeds and standard deviation. */
  readonly difference: Spread;
  readonly validationLoss: Spread;
  readonly accuracy: Spread;
  /** All losses of all steps and the validation are the baseline's, bit for bit. */
  readonly isIdentical: boolean;
  /** Within its margin. */
  readonly holds: boolean;
}

export interface Spread {
  readonly mean: number;
  /** Of the sample; 0 for a single value. */
  readonly deviation: number;
}

export function findings({ results }: ParityResult): Finding[] {
  const [baseline] = results;
  return results.map(({ variant, outcomes }) => {
    const losses = outcomes.map(({ validationLoss }) => validationLoss);
    const difference = spreadOf(losses.map((loss, seed) => loss - (baseline?.outcomes[seed]?.validationLoss ?? Number.NaN)));
    const isIdentical = outcomes.every((outcome, seed) => isSame(outcome, baseline?.outcomes[seed]));
    return {
      variant, difference, isIdentical, validationLoss: spreadOf(losses), accuracy: spreadOf(outcomes.map(({ accuracy }) => accuracy)),
      holds: variant.margin === 0 ? isIdentical : difference.mean <= variant.margin,
    };
  });
}

function isSame(outcome: ParityOutcome, other: ParityOutcome | undefined): boolean {
  return outcome.validationLoss === other?.validationLoss && outcome.losses.length === other.losses.length && outcome.losses.every((loss, step) => loss === other.losses[step]);
}

export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}
