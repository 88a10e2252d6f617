/**
 * Lets a language model go on with a text, a token at a time, up to an end. At temperature 0 it takes the most probable token; above, it
 * draws from softmax(logits / temperature), the same for the same seed.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { end, padding } from '../data/text/text';
import { mixedSeed } from '../gradients/nodeSeed';
import { logSumExp, type NextToken } from './hypothesis';

export interface ContinuationSettings {
  /** Tokens to add at most. */
  readonly length: number;
  readonly temperature: number;
  readonly seed: number;
  /** Tokens that the model has seen at once in training: it is shown the last so many. */
  readonly context: number;
}

/** The tokens that follow `prompt`, without an end. */
export async function continueText(model: NextToken, prompt: Int32Array, { length, temperature, seed, context }: ContinuationSettings, stop?: AbortSignal): Promise<number[]> {
  // The first numbers of neighbouring seeds are alike.
  const generator = xoroshiro128plus(mixedSeed(seed, 0));
  const tokens = [end, ...prompt];
  const sentence = new Int32Array(1);
  while (tokens.length <= prompt.length + length) {
    stop?.throwIfAborted();
    const shown = Int32Array.from(tokens.slice(-context));
    const logits = await model.logits(shown, shown.length, sentence);
    const token = temperature === 0 ? mostProbable(logits) : drawn(logits, temperature, uniformFloat64(generator));
    if (token === end) break;
    tokens.push(token);
  }
  return tokens.slice(1 + prompt.length);
}

function mostProbable(logits: Float32Array): number {
  logSumExp(logits);
  let best = padding + 1;
  for (let token = best + 1; token < logits.length; token++) if ((logits[token] ?? 0) > (logits[best] ?? 0)) best = token;
  return best;
}

/** The first token at which the sum of the probabilities passes `place`, a number from 0 to 1. */
function drawn(logits: Float32Array, temperature: number, place: number): number {
  const scaled = logits.map(value => value / temperature);
  scaled[padding] = Number.NEGATIVE_INFINITY;
  const whole = logSumExp(scaled);
  let passed = 0;
  for (let token = padding + 1; token < scaled.length; token++) {
    passed += Math.exp((scaled[token] ?? 0) - whole);
    if (place < passed) return token;
  }
  return mostProbable(logits);
}
