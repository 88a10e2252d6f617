/** Where a run file, or a command line, that names a module means it: a run keeps the whole path, wherever it is resumed from. */
import path from 'node:path';

/** `folder`: that of the run file, or the one in which the command runs. */
export function withWholeModulePath<Given extends { readonly module?: string | null }>(given: Given, folder: string): Given {
  return typeof given.module === 'string' ? { ...given, module: path.resolve(folder, given.module) } : given;
}
