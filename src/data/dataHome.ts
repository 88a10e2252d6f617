/** Where data sets lie: the user's cache folder, with a folder in it for each. EFCP_DATA_HOME names another place. */
import { homedir } from 'node:os';
import path from 'node:path';

export function dataHome(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const { EFCP_DATA_HOME: named, EFCP_CACHE_HOME: cache } = env;
  return named ? path.resolve(named) : path.join(cache ?? path.join(cacheFolder(env, platform), 'efcp-studio'), 'data');
}

function cacheFolder({ XDG_CACHE_HOME: cache, LOCALAPPDATA: local }: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32') return local ?? path.join(homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Caches');
  // The specification of these folders says that a relative path is to be ignored.
  return cache !== undefined && path.isAbsolute(cache) ? cache : path.join(homedir(), '.cache');
}
