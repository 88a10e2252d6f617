/** Where the files of a data set lie on this machine, if they do. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { formatBytes } from '../protocol/format';
import { described, type CatalogName } from './catalog';
import { editionsOf, type CatalogEntry, type Content } from './catalogEntry';
import { dataHome } from './dataHome';
import { idxFileIn } from './idxFiles';

export interface FoundData {
  /** The folder in which the content files are. */
  readonly folder: string;
  /** The edition of which they are. */
  readonly contents: readonly Content[];
  /** Names of content files that are not there. */
  readonly missing: readonly string[];
}

/** Where `efcp data fetch` puts a data set, and where to put its files by hand. */
export function folderOf(name: CatalogName, home = dataHome()): string {
  return path.join(home, name);
}

/** The best of the folders that are looked in: one that has all, else the first that has some, else undefined. */
export function findData(name: CatalogName, home = dataHome()): FoundData | undefined {
  const data = described(name);
  const found = editionsOf(data).flatMap(contents => foldersOf(name, home).map(folder => ({
    folder, contents, missing: contents.map(({ file }) => file).filter(file => fileIn(data, folder, file) === undefined),
  })));
  return found.find(({ missing }) => missing.length === 0) ?? found.find(({ missing, contents }) => missing.length < contents.length);
}

/** The path of a content file, if it is there. */
export function fileIn({ kind }: CatalogEntry, folder: string, file: string): string | undefined {
  if (kind !== 'glue') return idxFileIn(folder, file);
  const found = path.join(folder, file);
  return existsSync(found) ? found : undefined;
}

/** The archive of a data set that comes in one, if it is there and not yet unpacked. */
export function archiveOf(name: CatalogName, home = dataHome()): string | undefined {
  const { kind, published: [archive] } = described(name);
  if (kind === 'idx' || archive === undefined) return undefined;
  const file = path.join(folderOf(name, home), archive.file);
  return existsSync(file) ? file : undefined;
}

function foldersOf(name: CatalogName, home: string): string[] {
  const data = described(name);
  const own = folderOf(name, home);
  // The files of an archive may have been put beside one another, or into their folder.
  return data.kind === 'idx' ? [own, ...(data.systemFolder === undefined ? [] : [data.systemFolder])] : [path.join(own, data.folder), own];
}

/** What to bring where there is no connection, or nobody else may fetch it. */
export function bringInstead(name: CatalogName, home = dataHome()): string {
  const data = described(name);
  const folder = folderOf(name, home);
  if (data.published.length === 0) return `Bring ${editionsOf(data).map(contents => contents.map(({ file }) => file).join(' and ')).join(', or ')}, and put them into ${folder}.`;
  const files = data.published.map(({ file, bytes }) => `${file} (${formatBytes(bytes)})`).join(', ');
  const packaged = data.kind === 'idx' && data.systemFolder !== undefined ? ` Debian and its like have it as a package: sudo apt install dataset-${name}.` : '';
  return `Without a connection, bring ${files} from elsewhere and put ${data.published.length === 1 ? 'it' : 'them'} into ${folder}.${packaged}`;
}

/** How to get a data set that is not there. */
export function howToGet(name: CatalogName, home = dataHome()): string {
  const { published, licence } = described(name);
  return `${published.length === 0 ? licence : `Fetch it with: efcp data fetch ${name}.`} ${bringInstead(name, home)}`;
}

/** A refusal that says what is missing, where it was looked for, and what to do. */
export function missingData(name: CatalogName, home = dataHome()): Error {
  const found = findData(name, home);
  const what = found === undefined ? `The data set ${name} is not on this machine (looked in ${foldersOf(name, home).join(' and ')}).` : `The data set ${name} in ${found.folder} is not whole: ${found.missing.join(', ')} ${found.missing.length === 1 ? 'is' : 'are'} missing.`;
  return new Error(`${what} ${howToGet(name, home)}`);
}

/** Every file below the folder of a data set, whatever it is, but for the lock. */
export function filesOf(name: CatalogName, home = dataHome()): string[] {
  const folder = folderOf(name, home);
  return existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile() && !entry.name.startsWith('.')).map(entry => path.join(entry.parentPath, entry.name)) : [];
}
