/** Takes a fetched data set away, finished or not. What a package of the system brought is the system's. */
import { existsSync, rmSync } from 'node:fs';
import { takeLock } from '../../runtime/lock';
import { described, type CatalogName } from '../catalog';
import { filesOf, findData, folderOf } from '../findData';
import { DataRefusal } from './dataRefusal';
import { sizeOf } from './transfer';

/** Returns how many bytes it was. */
export function removeData(name: CatalogName, home: string): number {
  const folder = folderOf(name, home);
  if (!existsSync(folder)) {
    const elsewhere = findData(name, home);
    const data = described(name);
    if (elsewhere !== undefined && data.kind === 'idx' && elsewhere.folder === data.systemFolder) throw new DataRefusal('absent', `${name} lies in ${elsewhere.folder}, where a package of the system put it.`, `Remove it with the system's package manager.`);
    throw new DataRefusal('absent', `There is no ${name} in ${home}.`, 'efcp data list says what there is.');
  }
  const release = takeLock(folder, (who, file) => new DataRefusal('busy', `${who} is fetching or removing this data set.`, `Wait for it to end; if it is gone, remove ${file}.`));
  try {
    const bytes = filesOf(name, home).reduce((sum, file) => sum + sizeOf(file), 0);
    rmSync(folder, { recursive: true });
    return bytes;
  } finally {
    release();
  }
}
