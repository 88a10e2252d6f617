/** What a trained translator makes of lines, and how well that of the lines held out agrees with their references. */
import type { TestPair, Text, Vocabulary } from '../../data/text/text';
import { translate, type TranslationSettings } from '../../decoding/translate';
import { corpusBleu, type Bleu } from '../../evaluation/bleu';
import type { Tokenization } from '../../evaluation/tokenization';
import { Inference } from '../../gradients/inference';
import { isTranslator, translators } from '../../settings/dataFit';
import { InputError } from '../../settings/problem';
import type { Trained } from './loadTrained';
import type { Watching } from './validationFigures';

export interface Translation {
  readonly line: string;
  /** The same with words and marks apart, where there is such a form. */
  readonly words: string;
  readonly score: number;
}

export interface JudgedTranslations {
  readonly bleu: Bleu;
  readonly lines: number;
}

export interface JudgeSettings extends TranslationSettings {
  /** "none" compares words and marks apart, as papers do; "13a" lines as people read them. */
  readonly tokenization: Tokenization;
  /** The test set that the data bring, in place of the lines held out. */
  readonly test: boolean;
  /** The first so many. */
  readonly limit?: number;
}

/** Throws InputError where the run trained no translator. */
export async function translateLines(trained: Trained, lines: readonly string[], settings: TranslationSettings, { done, stop }: Watching = {}): Promise<Translation[]> {
  const { source, target } = translatedBy(trained);
  const { ledger, model, weights } = trained;
  ledger.enter('validation');
  const found = await translate(new Inference(ledger, model, weights, 1), lines.map(line => source.encode(line)), settings, { ...(done === undefined ? {} : { done }), ...(stop === undefined ? {} : { stop }) });
  return found.map(([{ tokens, score } = nothing]) => {
    const line = target.decode(tokens);
    return { line, score, words: target.words?.(tokens) ?? line };
  });
}

export async function judgeTranslations(trained: Trained, settings: JudgeSettings, watching: Watching = {}): Promise<JudgedTranslations> {
  const pairs = pairsOf(trained, settings.test).slice(0, settings.limit);
  const translations = await translateLines(trained, pairs.map(({ source }) => source), settings, watching);
  const { tokenization } = settings;
  const [hypotheses, references] = tokenization === 'none'
    ? [translations.map(({ words }) => words), pairs.map(({ targetWords }) => targetWords)] : [translations.map(({ line }) => line), pairs.map(({ target }) => target)];
  return { bleu: corpusBleu(hypotheses, [references], { tokenization }), lines: pairs.length };
}

const nothing = { tokens: [], score: Number.NEGATIVE_INFINITY };

function pairsOf(trained: Trained, test: boolean): readonly TestPair[] {
  const { text } = translatedBy(trained);
  if (!test) {
    return Array.from(trained.split.validation, example => {
      const target = text.targetLine?.(example) ?? '';
      return { source: text.sourceLine(example), target, targetWords: text.targetWords?.(example) ?? target };
    });
  }
  if (text.test !== undefined && text.test.length > 0) return text.test;
  throw new InputError([{ field: 'data', message: `The data "${trained.settings.data}" bring no test set. Leave --test out, to translate the lines held out.` }]);
}

function translatedBy({ settings, dataset: { text } }: Trained): { readonly text: Text; readonly source: Vocabulary; readonly target: Vocabulary } {
  if (text?.target !== undefined && isTranslator(settings.model)) return { text, source: text.source, target: text.target };
  throw new InputError([{ field: 'model', message: `The run trained the model "${settings.model}" on "${settings.data}", which translates nothing; it must be one of ${translators.join(', ')}. Name a run of such a model.` }]);
}
