/** Messages of programs as a corpus: each pair once, untranslated ones left out, and what reads alike on one side of the split. */
import { isHeldOutMessage } from '../heldOutMessages';
import type { LeftOut } from '../text';
import type { Corpus, LinePair } from './corpus';

export function messageCorpus(name: string, messages: readonly LinePair[], leftOut: readonly LeftOut[] = []): Corpus {
  const once = new Map(messages.map(({ source, target }) => [`${source}\n${target}`, { source, target }]));
  const pairs = [...once.values()].filter(({ source, target }) => source !== target);
  const out = [
    { lines: messages.length - once.size, what: 'pairs that were there already' },
    { lines: once.size - pairs.length, what: 'messages that are not translated' },
  ];
  return { name, pairs, isHeldOut: ({ target }) => isHeldOutMessage(target), leftOut: [...leftOut, ...out.filter(({ lines }) => lines > 0)] };
}
