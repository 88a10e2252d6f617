/** What models, data and the files that they are read from ask of one another. */
import { oneOf, says, type Rule } from './combinationRule';
import { classifiers, cutsByTokens, dataOf, isClassifier, isTextData, modelsFor, positionsOf, textData } from './dataFit';

type FileName = 'module' | 'sourceFile' | 'targetFile' | 'vocabularyFile' | 'pretrained';

interface Reader {
  readonly file: FileName;
  /** The setting that asks for the file, and its values that do. */
  readonly by: 'data' | 'model';
  readonly values: readonly string[];
  /** What the file is, with an example. */
  readonly what: string;
  readonly example: string;
}

const needed: readonly Reader[] = [
  { file: 'module', by: 'model', values: ['module'], what: 'a JavaScript module', example: './my-model.mjs' },
  { file: 'module', by: 'data', values: ['module'], what: 'a JavaScript module', example: './my-model.mjs' },
  { file: 'sourceFile', by: 'data', values: ['parallel'], what: 'a text file', example: './train.de' },
  { file: 'targetFile', by: 'data', values: ['parallel'], what: 'a text file with the translations', example: './train.en' },
];

const taken: readonly Pick<Reader, 'file' | 'by' | 'values'>[] = [
  { file: 'sourceFile', by: 'data', values: ['parallel', 'text'] },
  { file: 'targetFile', by: 'data', values: ['parallel'] },
  { file: 'vocabularyFile', by: 'data', values: textData },
  { file: 'pretrained', by: 'model', values: classifiers },
];

const missing = needed.map(({ file, by, values, what, example }): Rule => ({
  between: [by, file],
  judge: settings => values.includes(settings[by]) && settings[file] === null
    ? `${says(settings, by)}, but ${file} is null; it must be the path of ${what}. Set ${file}, for example to "${example}", or choose another ${by}.` : undefined,
}));

const idle = taken.map(({ file, by, values }): Rule => ({
  between: [file, by],
  judge: settings => settings[file] !== null && !values.includes(settings[by])
    ? `${says(settings, file)}, but ${says(settings, by)}, so nothing would read it; ${by} must be ${oneOf(values)}. Set ${by} to ${values.length === 1 ? 'that' : 'one of these'}, or leave ${file} out.` : undefined,
}));

export const dataRules: readonly Rule[] = [
  {
    between: ['data', 'model'],
    judge: ({ model, data }) => dataOf(model).includes(data)
      ? undefined : `data is "${data}", which the model "${model}" cannot take; it must be ${oneOf(dataOf(model))}. Choose such data, or one of the models ${modelsFor(data).join(', ')}.`,
  },
  ...missing, ...idle,
  {
    between: ['module', 'model', 'data'],
    judge: ({ module, model, data }) => module !== null && model !== 'module' && data !== 'module'
      ? `module is ${JSON.stringify(module)}, but neither model nor data is "module", so nothing would read it. Set model or data to "module", or leave module out.` : undefined,
  },
  {
    between: ['pretrained', 'vocabularyFile', 'model'],
    judge: settings => settings.pretrained !== null && settings.vocabularyFile === null && isClassifier(settings.model)
      ? `${says(settings, 'pretrained')}, but vocabularyFile is null; the numbers of its tokens mean nothing without the vocabulary that it was trained with. Set vocabularyFile to that vocabulary (vocab.txt), or pretrained to null.` : undefined,
  },
  {
    between: ['maxTokens', 'model'],
    judge: ({ maxTokens, model }) => isClassifier(model) && maxTokens > positionsOf.bert
      ? `maxTokens is ${maxTokens}, but the model "${model}" has ${positionsOf.bert} positions; it must be from 4 to ${positionsOf.bert}. Lower maxTokens.` : undefined,
  },
  {
    between: ['batchTokens', 'maxTokens', 'data'],
    judge: settings => cutsByTokens(settings) && (settings.batchTokens ?? 0) < settings.maxTokens
      ? `batchTokens is ${settings.batchTokens ?? 0}, but maxTokens is ${settings.maxTokens}; it must be at least that, so that the longest line fits into a batch. Raise batchTokens, or lower maxTokens.` : undefined,
  },
  {
    between: ['batchTokens', 'data'],
    judge: settings => settings.batchTokens !== null && !isTextData(settings.data)
      ? `${says(settings, 'batchTokens')}, but ${says(settings, 'data')}, which is not cut into tokens; it must be null. Leave batchTokens out, and set batchSize.` : undefined,
  },
];
