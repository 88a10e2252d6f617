/** Which buffers a text finds: in the names of layer, operation, line, shape or category, all of its words, in any of these. */
import { categories } from '../../../src/protocol/samples';
import type { Instant } from '../../../src/protocol/snapshot/instant';
import { labelOf } from '../words';
import { lowerTexts } from './lowerTexts';

/** Those of the live buffers, in their order. Each word leaves out what it does not find. */
export function buffersWith({ lives: { snapshot }, alive, category }: Instant, text: string): Uint32Array {
  const { layer, operation, source, shape } = snapshot.buffers;
  const labels = categories.map((_, number) => labelOf(number).toLowerCase());
  let left = alive;
  for (const word of text.toLowerCase().split(/\s+/).filter(Boolean)) {
    // Texts are few beside buffers: each is searched once.
    const [inTexts, inLabels] = [withWord(lowerTexts(snapshot), word), withWord(labels, word)];
    const finds = (found: Uint8Array, column: Uint32Array | Uint8Array, buffer: number) => found[column[buffer] ?? 0] === 1;
    left = left.filter(buffer => finds(inTexts, layer, buffer) || finds(inTexts, operation, buffer) || finds(inTexts, source, buffer) || finds(inTexts, shape, buffer) || finds(inLabels, category, buffer));
  }
  return left;
}

/** By text: 1 where the word is in it. */
function withWord(texts: readonly string[], word: string): Uint8Array {
  const found = new Uint8Array(texts.length);
  texts.forEach((text, at) => { if (text.includes(word)) found[at] = 1; });
  return found;
}
