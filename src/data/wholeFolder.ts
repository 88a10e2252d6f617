/** The folder with all files of a data set; an archive that was put there by hand is unpacked first. */
import { described, type CatalogName } from './catalog';
import { archiveOf, findData, missingData } from './findData';
import { unpackArchive } from './unpackArchive';

export async function wholeFolder(name: CatalogName): Promise<string> {
  const found = findData(name);
  if (found?.missing.length === 0) return found.folder;
  const data = described(name);
  const archive = archiveOf(name);
  if (archive === undefined || data.kind === 'idx') throw missingData(name);
  return unpackArchive(archive, data);
}
