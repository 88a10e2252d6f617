// Where things live that are installed once for every clone: outside the repository, in the user's cache folder.
import os from 'node:os';
import path from 'node:path';

export const cacheFolder = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'efcp-studio');
