/** What a trained translator makes of lines, and how well that of the lines held out agrees with their references. */
import type { Text, Vocabulary } from '../../data/text/text';
import { translate, type TranslationSettings } from '../../decoding/translate';
import { corpusBleu, type Bleu, type BleuSettings } from '../../evaluation/bleu';
import { Inference } from '../../gradients/inference';
import { isTranslator, translators } from '../../settings/dataFit';
import { InputError } from '../../settings/problem';
import type { Trained } from './loadTrained';
import type { Watching } from './validationFigures';

export interface Translation {
  readonly line: string;
  readonly score: number;
}

export interface ValidationTranslations {
  readonly bleu: Bleu;
  readonly lines: number;
}

/** Throws InputError where the run trained no translator. */
export async function translateLines(trained: Trained, lines: readonly string[], settings: TranslationSettings, { done, stop }: Watching = {}): Promise<Translation[]> {
  const { source, target } = vocabulariesOf(trained);
  const { ledger, model, weights } = trained;
  ledger.enter('validation');
  const found = await translate(new Inference(ledger, model, weights, 1), lines.map(line => source.encode(line)), settings, { ...(done === undefined ? {} : { done }), ...(stop === undefined ? {} : { stop }) });
  return found.map(([best]) => ({ line: target.decode(best?.tokens ?? []), score: best?.score ?? Number.NEGATIVE_INFINITY }));
}

/** Of the first `limit` lines held out. */
export async function validationTranslations(trained: Trained, settings: TranslationSettings & Partial<BleuSettings> & { readonly limit?: number | undefined }, watching: Watching = {}): Promise<ValidationTranslations> {
  const { text } = vocabulariesOf(trained);
  const examples = [...trained.split.validation].slice(0, settings.limit);
  const translations = await translateLines(trained, examples.map(example => text.sourceLine(example)), settings, watching);
  const references = examples.map(example => text.targetLine?.(example) ?? '');
  return { bleu: corpusBleu(translations.map(({ line }) => line), [references], settings), lines: examples.length };
}

function vocabulariesOf({ settings, dataset: { text } }: Trained): { readonly text: Text; readonly source: Vocabulary; readonly target: Vocabulary } {
  if (text?.target === undefined || !isTranslator(settings.model)) {
    throw new InputError([{ field: 'model', message: `The run trained the model "${settings.model}" on "${settings.data}", which translates nothing; it must be one of ${translators.join(', ')}. Name a run of such a model.` }]);
  }
  return { text, source: text.source, target: text.target };
}
