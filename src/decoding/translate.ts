/**
 * Translations of many sentences: those of about one length go together, as many as keep source tokens times beam within a number; what
 * is found is returned in the order of the sentences.
 */
import { tensor2d } from '@tensorflow/tfjs-core';
import { end } from '../data/text/text';
import type { Inference } from '../gradients/inference';
import { beamSearch, type BeamSettings } from './beamSearch';
import type { Hypothesis } from './hypothesis';
import { prefixLogits } from './prefixLogits';

export interface TranslationSettings extends BeamSettings {
  /** A translation of x tokens has at most lengthFactor * x + lengthOffset. */
  readonly lengthFactor: number;
  readonly lengthOffset: number;
  /** Source tokens of a batch, padding counted, times the beam. */
  readonly batchTokens: number;
}

export const usualTranslation: TranslationSettings = { beam: 4, lengthPenalty: 1, lengthFactor: 1.2, lengthOffset: 10, batchTokens: 4000 };

/** Of each sentence its hypotheses, the best first. `done` hears after every batch how many are translated; `stop` ends the work. */
export async function translate(model: Inference, sentences: readonly Int32Array[], settings: TranslationSettings, { done = () => undefined, stop }: { readonly done?: (count: number) => void; readonly stop?: AbortSignal } = {}): Promise<Hypothesis[][]> {
  const found = new Array<Hypothesis[]>(sentences.length);
  let count = 0;
  for (const numbers of batchesOf(sentences, settings)) {
    stop?.throwIfAborted();
    const batch = numbers.map(number => sentences[number] as Int32Array);
    // Places for all its tokens, and an end.
    const width = 1 + Math.max(...batch.map(({ length }) => length));
    const padded = new Int32Array(batch.length * width);
    batch.forEach((sentence, row) => {
      padded.set(sentence, row * width);
      padded[row * width + sentence.length] = end;
    });
    const started = model.start([tensor2d(padded, [batch.length, width], 'int32')]);
    try {
      const longest = batch.map(({ length }) => Math.floor(settings.lengthFactor * length + settings.lengthOffset));
      const hypotheses = await beamSearch(prefixLogits(started), longest, settings);
      numbers.forEach((number, place) => { found[number] = hypotheses[place] as Hypothesis[]; });
    } finally {
      started.dispose();
    }
    done(count += batch.length);
  }
  return found;
}

/** Numbers of sentences, from the shortest to the longest. */
function batchesOf(sentences: readonly Int32Array[], { batchTokens, beam }: TranslationSettings): number[][] {
  const lengthOf = (number: number) => 1 + (sentences[number]?.length ?? 0);
  const order = sentences.map((_, number) => number).sort((a, b) => lengthOf(a) - lengthOf(b));
  const batches: number[][] = [];
  for (const number of order) {
    const last = batches.at(-1);
    if (last !== undefined && (last.length + 1) * lengthOf(number) * beam <= batchTokens) last.push(number);
    else batches.push([number]);
  }
  return batches;
}
