/** The networks that the bench of memory trains, and what each is measured with. */
import type { Settings } from '../../settings/knobs';
import { imageSettings, imageTechniques, type Technique } from './techniques';
import { translatorSettings, translatorTechniques } from './translatorTechniques';

export interface MemoryModel {
  /** Examples of a batch where nobody says how many. */
  readonly batch: number;
  /** What the examples are, in the plural. */
  readonly examples: string;
  /** The recipe that all techniques share. */
  readonly settings: Partial<Settings>;
  readonly techniques: readonly Technique[];
  /** Published in the abstract of arXiv 1904.10631: the reduction by all its techniques together, and what they cost. */
  readonly paper?: { readonly ratio: number; readonly task: string; readonly cost: string };
}

/** Tokens of each side of a pair, its end counted: about the mean of IWSLT'14 German to English, so that 160 pairs have 4,000. */
export const tokensOfPair = 25;

const images = { batch: 100, examples: 'images of noise', settings: imageSettings, techniques: imageTechniques } as const;

export const memoryModels = {
  'wrn-28-2': { ...images, paper: { ratio: 60.7, task: 'this network on CIFAR-10', cost: '0.4 % less accuracy' } },
  'resnet20': images,
  'wrn-10-1': images,
  'dynamicconv': {
    batch: 160, examples: `pairs of sentences of ${tokensOfPair} tokens at random`, settings: translatorSettings, techniques: translatorTechniques,
    paper: { ratio: 8.7, task: 'this network on IWSLT\'14, German to English', cost: '0.15 BLEU less' },
  },
  'dynamicconv-tiny': { batch: 32, examples: `pairs of sentences of ${tokensOfPair} tokens at random`, settings: translatorSettings, techniques: translatorTechniques },
} as const satisfies Partial<Record<Settings['model'], MemoryModel>>;

export type MemoryModelName = keyof typeof memoryModels;
export const memoryModelNames = Object.keys(memoryModels) as MemoryModelName[];

/** Seen through its widest type, for code that treats all alike. */
export function memoryModel(name: MemoryModelName): MemoryModel {
  return memoryModels[name];
}

/** Of all networks, each once. */
export const techniqueNames = [...new Set(memoryModelNames.flatMap(name => memoryModels[name].techniques.map(technique => technique.name)))];
