/** Messages of programs as a corpus: each pair once, untranslated ones left out, and what reads alike on one side of the split. */
import type { LeftOut } from '../text';
import type { Corpus, LinePair } from './corpus';

const heldOutEvery = 10;

/** One message in ten, by what its words hash to, so that the split is the same wherever the same messages are. */
export function messageCorpus(name: string, messages: readonly LinePair[], leftOut: readonly LeftOut[] = []): Corpus {
  const once = new Map(messages.map(({ source, target }) => [`${source}\n${target}`, { source, target }]));
  const pairs = [...once.values()].filter(({ source, target }) => source !== target);
  const out = [
    { lines: messages.length - once.size, what: 'pairs that were there already' },
    { lines: once.size - pairs.length, what: 'messages that are not translated' },
  ];
  return { name, pairs, isHeldOut: ({ target }) => hashOf(gist(target)) % heldOutEvery === 0, leftOut: [...leftOut, ...out.filter(({ lines }) => lines > 0)] };
}

/** The words alone: messages that differ in places to fill in, marks, numbers or capitals are nearly the same. */
function gist(message: string): string {
  return message.replace(/%[-+ #0-9.*$]*l?[a-zA-Z]|\{\d+\}/gu, '').toLowerCase().replace(/\P{Alphabetic}+/gu, ' ').trim();
}

/** FNV-1a, 32 bits (draft-eastlake-fnv). */
function hashOf(text: string): number {
  return Buffer.from(text).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}
