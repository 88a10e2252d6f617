/** Where programs put their German message catalogs. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Folders with a folder for each language in them. */
function localeFolders({ XDG_DATA_DIRS: data, ProgramFiles: programs = 'C:\\Program Files' }: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  if (platform === 'win32') return [path.join(programs, 'Git', 'mingw64', 'share', 'locale'), ...['mingw64', 'ucrt64', 'usr'].map(part => path.join('C:\\msys64', part, 'share', 'locale'))];
  if (platform === 'darwin') return ['/opt/homebrew/share/locale', '/usr/local/share/locale', '/opt/local/share/locale'];
  const shares = data === undefined || data === '' ? ['/usr/local/share', '/usr/share'] : data.split(':').filter(folder => path.isAbsolute(folder));
  return [...shares.map(share => path.join(share, 'locale')), '/usr/share/locale-langpack'];
}

export function catalogFolders(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string[] {
  return [...new Set(localeFolders(env, platform))].flatMap(folder => ['de', 'de_DE'].map(language => path.join(folder, language, 'LC_MESSAGES')));
}

/** All catalogs in these folders, in the order of their names. */
export function catalogsIn(folders: readonly string[]): string[] {
  return folders.filter(folder => existsSync(folder)).flatMap(folder => readdirSync(folder).filter(file => file.endsWith('.mo')).sort().map(file => path.join(folder, file)));
}
