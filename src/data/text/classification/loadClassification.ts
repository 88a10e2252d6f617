/** The data of a run that classifies text, by the name of the setting `data`. */
import type { Settings } from '../../../settings/knobs';
import type { Dataset } from '../../dataset';
import { wholeFolder } from '../../wholeFolder';
import { bytePairsFor } from '../bytePairs/bytePairsFor';
import { mosesForm } from '../lineForm';
import { vocabularyOf } from '../pieceVocabulary';
import { end } from '../text';
import { readBertVocabulary } from './bertVocabulary';
import { classificationDataset } from './classificationDataset';
import type { ClassifierVocabulary } from './classifierTokens';
import type { GlueName } from './glueTasks';
import { messageKinds } from './messageKinds';
import { readGlue, type LabelledText } from './readGlue';

export type ClassificationSettings = Pick<Settings, 'maxTokens' | 'merges' | 'vocabularyFile'> & { readonly data: GlueName | 'message-kinds' };

/** `assets`: the folder of the files that the build made. Throws InputError for files that cannot be read. */
export async function loadClassification(settings: ClassificationSettings, assets: string): Promise<Dataset> {
  const { data, vocabularyFile, maxTokens } = settings;
  // A wrong vocabulary is found before hundreds of megabytes are read.
  const given = vocabularyFile === null ? undefined : bertVocabulary(vocabularyFile);
  const texts = data === 'message-kinds' ? messageKinds(assets) : readGlue(data, await wholeFolder(data));
  return classificationDataset(data, texts, given ?? learntVocabulary(texts.train, settings), maxTokens);
}

function bertVocabulary(file: string): ClassifierVocabulary {
  const vocabulary = readBertVocabulary(file);
  return { vocabulary, begin: vocabulary.begin, separator: vocabulary.separator };
}

/** What ends a sequence begins and separates as well: it is all that is not a piece. */
function learntVocabulary(train: readonly LabelledText[], { merges }: ClassificationSettings): ClassifierVocabulary {
  const form = mosesForm('en');
  const lines = train.flatMap(({ sentences }) => sentences.map(sentence => form.words(sentence)));
  const vocabulary = vocabularyOf(lines, bytePairsFor({ merges, vocabularyFile: null }, lines), form);
  return { vocabulary, begin: end, separator: end };
}
