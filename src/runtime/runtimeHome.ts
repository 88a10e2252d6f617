/** Where managed runtimes lie: the user's data folder, with a folder in it for each. EFCP_RUNTIME_HOME names another place. */
import os from 'node:os';
import path from 'node:path';

export function runtimeHome(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const { EFCP_RUNTIME_HOME: named } = env;
  return named ? path.resolve(named) : path.join(dataFolder(env, platform), 'efcp-studio', 'runtimes');
}

function dataFolder({ XDG_DATA_HOME: data, LOCALAPPDATA: local }: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32') return local ?? path.join(os.homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return path.join(os.homedir(), 'Library', 'Application Support');
  // The specification of these folders says that a relative path is to be ignored.
  return data !== undefined && path.isAbsolute(data) ? data : path.join(os.homedir(), '.local', 'share');
}
