// Looks programs up as a shell does.
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Path of the first of these programs that is in a folder of PATH; earlier names win. */
export function onPath(...names) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return names.flatMap(name => folders.map(folder => path.join(folder, name))).find(file => existsSync(file));
}
