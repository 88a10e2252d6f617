/** Where the files of a data set lie on this machine, if they do. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { formatBytes } from '../protocol/format';
import { described, type CatalogName } from './catalog';
import { dataHome } from './dataHome';
import { idxFileIn } from './idxFiles';

export interface FoundData {
  /** The folder in which the content files are. */
  readonly folder: string;
  /** Names of content files that are not there. */
  readonly missing: readonly string[];
}

/** Where `efcp data fetch` puts a data set, and where to put its files by hand. */
export function folderOf(name: CatalogName, home = dataHome()): string {
  return path.join(home, name);
}

/** The best of the folders that are looked in: one that has all, else the first that has some, else undefined. */
export function findData(name: CatalogName, home = dataHome()): FoundData | undefined {
  const { contents } = described(name);
  const found = foldersOf(name, home).map(folder => ({ folder, missing: contents.map(({ file }) => file).filter(file => idxFileIn(folder, file) === undefined) }));
  return found.find(({ missing }) => missing.length === 0) ?? found.find(({ missing }) => missing.length < contents.length);
}

/** The archive of a data set that comes in one, if it is there and not yet unpacked. */
export function archiveOf(name: CatalogName, home = dataHome()): string | undefined {
  const { kind, published: [archive] } = described(name);
  const file = path.join(folderOf(name, home), archive?.file ?? '');
  return kind === 'cifar' && existsSync(file) ? file : undefined;
}

function foldersOf(name: CatalogName, home: string): string[] {
  const data = described(name);
  const own = folderOf(name, home);
  // The files of an archive may have been put beside one another, or into their folder.
  return data.kind === 'cifar' ? [path.join(own, data.folder), own] : [own, ...(data.systemFolder === undefined ? [] : [data.systemFolder])];
}

/** What to bring where there is no connection. */
export function bringInstead(name: CatalogName, home = dataHome()): string {
  const data = described(name);
  const files = data.published.map(({ file, bytes }) => `${file} (${formatBytes(bytes)})`).join(', ');
  const packaged = data.kind === 'idx' && data.systemFolder !== undefined ? ` Debian and its like have it as a package: sudo apt install dataset-${name}.` : '';
  return `Without a connection, bring ${files} from elsewhere and put ${data.published.length === 1 ? 'it' : 'them'} into ${folderOf(name, home)}.${packaged}`;
}

/** A refusal that says what is missing, where it was looked for, and what to do. */
export function missingData(name: CatalogName, home = dataHome()): Error {
  const found = findData(name, home);
  const what = found === undefined ? `The data set ${name} is not on this machine (looked in ${foldersOf(name, home).join(' and ')}).` : `The data set ${name} in ${found.folder} is not whole: ${found.missing.join(', ')} ${found.missing.length === 1 ? 'is' : 'are'} missing.`;
  return new Error(`${what} Fetch it with: efcp data fetch ${name}. ${bringInstead(name, home)}`);
}

/** Every file below the folder of a data set, whatever it is, but for the lock. */
export function filesOf(name: CatalogName, home = dataHome()): string[] {
  const folder = folderOf(name, home);
  return existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile() && !entry.name.startsWith('.')).map(entry => path.join(entry.parentPath, entry.name)) : [];
}
