/** Which buffers a text finds: in the names of layer, operation, line, shape or category, all of its words, in any of these. */
import type { Instant } from '../../../src/protocol/snapshot/instant';
import { labelOf } from '../words';
import { categories } from '../../../src/protocol/samples';

export function bufferFilter({ lives: { snapshot: { texts, buffers } }, category }: Instant, text: string): ((buffer: number) => boolean) | undefined {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  // Texts are few beside buffers: each is searched once.
  const tests = words.map(word => {
    const found = Uint8Array.from(texts, each => each.toLowerCase().includes(word) ? 1 : 0);
    const labels = categories.map((_, number) => labelOf(number).toLowerCase().includes(word));
    return (buffer: number) => labels[category[buffer] ?? 0] === true
      || [buffers.layer, buffers.operation, buffers.source, buffers.shape].some(column => found[column[buffer] ?? 0] === 1);
  });
  return buffer => tests.every(test => test(buffer));
}
