/** Which data the built-in models take. What a module makes is known only once it is loaded, and checked then. */
import type { Settings } from './knobs';

type Model = Settings['model'];
type Data = Settings['data'];

const smallImages = ['digits', 'mnist', 'fashion-mnist'] as const;
/** Smaller images are padded to 32 by 32, and grey ones repeated in three colours. */
const images = [...smallImages, 'cifar-10'] as const;
/** Lines and their translations. */
export const translations = ['messages', 'message-catalogs', 'parallel', 'iwslt14'] as const satisfies readonly Data[];
/** Lines, or pairs of them, that belong to a class each, or get a mark. */
export const classifications = ['message-kinds', 'cola', 'sst-2', 'mrpc', 'qqp', 'sts-b', 'mnli', 'qnli', 'rte', 'wnli'] as const satisfies readonly Data[];
/** One text to be continued: that of the target side where there are two. */
const texts = ['text', ...translations] as const satisfies readonly Data[];

export const textData = [...texts, ...classifications] as const satisfies readonly Data[];
export type TextData = (typeof textData)[number];

/** Positions that published encoders have embeddings of. */
export const positionsOf = { bert: 512 } as const;
export const translators = ['dynamicconv', 'dynamicconv-tiny'] as const satisfies readonly Model[];
export const classifiers = ['bert-tiny', 'bert-mini'] as const satisfies readonly Model[];
export const sequenceModels = [...translators, ...classifiers, 'language-model'] as const satisfies readonly Model[];
export type SequenceModel = (typeof sequenceModels)[number];

const dataFor: Readonly<Record<Model, readonly [Data, ...Data[]]>> = {
  'mlp': [...smallImages, 'module'],
  'convnet': [...smallImages, 'module'],
  'logistic': [...images, 'features', 'module'],
  'resnet20': [...images, 'module'],
  'wrn-28-2': [...images, 'module'],
  'wrn-10-1': [...images, 'module'],
  'dynamicconv': translations,
  'dynamicconv-tiny': translations,
  'bert-tiny': classifications,
  'bert-mini': classifications,
  'language-model': texts,
  'module': [...images, 'features', ...texts, ...classifications, 'module'],
};

/** The first serves where nobody says which. */
export function dataOf(model: Model): readonly [Data, ...Data[]] {
  return dataFor[model];
}

export function modelsFor(data: Data): readonly Model[] {
  return (Object.keys(dataFor) as Model[]).filter(model => dataFor[model].includes(data));
}

export function isTextData(data: Data): data is TextData {
  return (textData as readonly Data[]).includes(data);
}

export function isClassification(data: Data): data is (typeof classifications)[number] {
  return (classifications as readonly Data[]).includes(data);
}

export function isClassifier(model: Model): boolean {
  return (classifiers as readonly Model[]).includes(model);
}

export function isTranslator(model: Model): model is (typeof translators)[number] {
  return (translators as readonly Model[]).includes(model);
}

export function isSequenceModel(model: Model): model is SequenceModel {
  return (sequenceModels as readonly Model[]).includes(model);
}

/** Whether batches are as many examples as fit into a number of tokens. */
export function cutsByTokens({ data, batchTokens }: Pick<Settings, 'data' | 'batchTokens'>): boolean {
  return batchTokens !== null && isTextData(data);
}
