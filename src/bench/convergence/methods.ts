/** What is compared: {M-FAC, GGT} x {dense, Top-K, low rank} x {with, without error feedback}, and the baselines. */
import type { Settings } from '../../settings/knobs';

export const families = ['baseline', 'M-FAC', 'GGT'] as const;
export type Family = (typeof families)[number];

export interface Method {
  /** Such as "S-MFAC, Top-K 1 %"; the same with and without error feedback. */
  readonly label: string;
  readonly family: Family;
  /** What the gradient is compressed to. */
  readonly compression: Compression;
  /** Undefined where nothing is compressed. */
  readonly errorFeedback: boolean | undefined;
  readonly settings: Partial<Settings>;
}

export const compressions = ['none', 'Top-K 5 %', 'Top-K 1 %', 'rank 4', 'rank 2', 'rank 1'] as const;
export type Compression = (typeof compressions)[number];

type Compressed = Exclude<Compression, 'none'>;
const compressedTo: Readonly<Record<Compressed, Partial<Settings>>> = {
  'Top-K 5 %': { density: 0.05 }, 'Top-K 1 %': { density: 0.01 }, 'rank 4': { rank: 4 }, 'rank 2': { rank: 2 }, 'rank 1': { rank: 1 },
};

const names = {
  'M-FAC': { dense: ['M-FAC', 'dense-mfac'], topK: ['S-MFAC', 'sparse-mfac'], rank: ['LR-MFAC', 'low-rank-mfac'] },
  // Low-rank GGT is not in the paper.
  'GGT': { dense: ['GGT', 'ggt'], topK: ['S-GGT', 'sparse-ggt'], rank: ['LR-GGT (ours)', 'low-rank-ggt'] },
} as const;

export const baselines: readonly Method[] = [
  { label: 'SGD', family: 'baseline', compression: 'none', errorFeedback: undefined, settings: { optimizer: 'sgd' } },
  { label: 'Adam', family: 'baseline', compression: 'none', errorFeedback: undefined, settings: { optimizer: 'adamw' } },
];

/** A family's dense method first, then its compressed ones, each with error feedback before without. */
export function methodsOf(family: 'M-FAC' | 'GGT', shared: Partial<Settings>): readonly Method[] {
  const { dense, topK, rank } = names[family];
  const compressed = compressions.filter(compression => compression !== 'none').flatMap(compression => [true, false].map((errorFeedback): Method => {
    const [label, optimizer] = compression.startsWith('Top-K') ? topK : rank;
    return { label: `${label}, ${compression}`, family, compression, errorFeedback, settings: { ...shared, ...compressedTo[compression], optimizer, errorFeedback } };
  }));
  return [{ label: dense[0], family, compression: 'none', errorFeedback: undefined, settings: { ...shared, optimizer: dense[1] } }, ...compressed];
}
