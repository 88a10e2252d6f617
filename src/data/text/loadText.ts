/** The text of a run as examples, by the name of the setting `data`. */
import { translations, type TextData } from '../../settings/dataFit';
import type { Settings } from '../../settings/knobs';
import type { Dataset } from '../dataset';
import { loadClassification } from './classification/loadClassification';
import { languageDataset } from './language/languageDataset';
import { englishSide, textFile } from './language/runningText';
import type { Corpus } from './translation/corpus';
import { iwslt14 } from './translation/iwslt14';
import { messageCatalogs } from './translation/messageCatalogs';
import { messages } from './translation/messages';
import { parallel } from './translation/parallel';
import { translationDataset } from './translation/translationDataset';

export type TextSettings = Pick<Settings, 'model' | 'seed' | 'maxTokens' | 'merges' | 'sourceFile' | 'targetFile' | 'vocabularyFile'> & { readonly data: TextData };

type TranslationData = (typeof translations)[number];

/** `assets`: the folder of the files that the build made. Throws InputError for text that cannot be read. */
export async function loadText(settings: TextSettings, assets: string): Promise<Dataset> {
  const { data, model, sourceFile } = settings;
  if (data === 'text') return languageDataset(sourceFile === null ? englishSide(messages(assets)) : textFile(sourceFile), settings);
  if (!isTranslation(data)) return loadClassification({ ...settings, data }, assets);
  const corpus = corpusOf(data, settings, assets);
  return model === 'language-model' ? languageDataset(englishSide(corpus), settings) : translationDataset(corpus, settings);
}

function corpusOf(data: TranslationData, { sourceFile, targetFile }: TextSettings, assets: string): Corpus {
  switch (data) {
    case 'messages': return messages(assets);
    case 'message-catalogs': return messageCatalogs();
    case 'parallel': return parallel(sourceFile, targetFile);
    case 'iwslt14': return iwslt14();
  }
}

function isTranslation(data: TextData): data is TranslationData {
  return (translations as readonly TextData[]).includes(data);
}
