/** The text of a run as examples, by the name of the setting `data`. */
import type { Settings } from '../../settings/knobs';
import type { TextData } from '../../settings/dataFit';
import type { Dataset } from '../dataset';

export type TextSettings = Pick<Settings, 'seed' | 'maxTokens' | 'merges' | 'sourceFile' | 'targetFile' | 'vocabularyFile'> & { readonly data: TextData };

/** `assets`: the folder of the files that the build made. Throws InputError for text that cannot be read. */
export function loadText({ data }: TextSettings, _assets: string): Promise<Dataset> {
  return Promise.reject(new Error(`The data "${data}" are not there yet.`));
}
