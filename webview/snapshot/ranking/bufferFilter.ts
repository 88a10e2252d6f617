/** Which buffers a text finds: in the names of layer, operation, line, shape or category, all of its words, in any of these. */
import { categories } from '../../../src/protocol/samples';
import type { Instant } from '../../../src/protocol/snapshot/instant';
import { labelOf } from '../words';

/** Words that are looked for at once: each has a bit of its own. */
const wordsAtOnce = 30;

/** Those of the live buffers, in their order. `texts`: those of the snapshot, in lower case. */
export function buffersWith({ lives: { snapshot }, alive, category }: Instant, texts: readonly string[], text: string): Uint32Array {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const labels = categories.map((_, number) => labelOf(number).toLowerCase());
  const { layer, operation, source, shape } = snapshot.buffers;
  let left = alive;
  for (let at = 0; at < words.length; at += wordsAtOnce) {
    const some = words.slice(at, at + wordsAtOnce);
    // Texts are few beside buffers: each is searched once.
    const [inTexts, inLabels] = [wordsIn(texts, some), wordsIn(labels, some)];
    const all = (1 << some.length) - 1;
    const found = new Uint32Array(left.length);
    let count = 0;
    for (const buffer of left) {
      const bits = (inTexts[layer[buffer] ?? 0] ?? 0) | (inTexts[operation[buffer] ?? 0] ?? 0) | (inTexts[source[buffer] ?? 0] ?? 0) | (inTexts[shape[buffer] ?? 0] ?? 0) | (inLabels[category[buffer] ?? 0] ?? 0);
      if (bits === all) found[count++] = buffer;
    }
    left = found.subarray(0, count);
  }
  return left;
}

/** By text: a bit for each word that is in it. */
function wordsIn(texts: readonly string[], words: readonly string[]): Int32Array {
  const found = new Int32Array(texts.length);
  texts.forEach((text, at) => { found[at] = words.reduce((bits, word, place) => text.includes(word) ? bits | 1 << place : bits, 0); });
  return found;
}
