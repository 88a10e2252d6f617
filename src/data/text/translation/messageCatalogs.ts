/**
 * The German translations of the messages of the programs on this machine, from their catalogs. Their licences are those of the
 * programs, so they are read where they lie and never passed on.
 */
import { readFileSync } from 'node:fs';
import { InputError } from '../../../settings/problem';
import { catalogFolders, catalogsIn } from './catalogFolders';
import type { Corpus, LinePair } from './corpus';
import { messageCorpus } from './messageCorpus';
import { readMoFile, type Message } from './moFile';

/** Catalogs that cannot be read are left out, as long as there are others. */
export function messageCatalogs(folders: readonly string[] = catalogFolders()): Corpus {
  const files = catalogsIn(folders);
  const problems: string[] = [];
  const messages = files.flatMap(file => {
    try {
      return readMoFile(readFileSync(file), file);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return [];
    }
  });
  if (messages.length === 0) throw noCatalogs(folders, problems);
  return messageCorpus('message-catalogs', messages.map(pairOf), problems.length === 0 ? [] : [{ lines: problems.length, what: 'catalogs that cannot be read' }]);
}

/** On one line, without the mark before a word whose first letter chooses an entry of a menu. */
function pairOf({ original, translation }: Message): LinePair {
  const plain = (text: string) => text.replace(/\p{White_Space}+/gu, ' ').trim().replace(/(?<!\S)[&_](?=\p{Uppercase})/gu, '');
  return { source: plain(translation), target: plain(original) };
}

function noCatalogs(folders: readonly string[], problems: readonly string[]): InputError {
  const why = problems[0] ?? `There are none in ${folders.join(', ')}.`;
  return new InputError([{ field: 'data', message: `data is "message-catalogs", but no German message catalog can be read. ${why} They come with programs such as Git, PostgreSQL, GnuPG and the GNU core utilities: install some (slim images of Debian leave translations out), or choose the data "messages".` }]);
}
