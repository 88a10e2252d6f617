/** TypeScript's messages, which are at hand everywhere. */
import { readMessages } from '../readMessages';
import type { Corpus } from './corpus';
import { messageCorpus } from './messageCorpus';

export function messages(assets: string): Corpus {
  return messageCorpus('messages', readMessages(assets).map(({ german, english }) => ({ source: german, target: english })));
}
