/** Where a run file, or a command line, that names files means them: a run keeps whole paths, wherever it is resumed from. */
import path from 'node:path';
import { knob, knobNames, type Settings } from '../settings/knobs';

const pathNames = knobNames.filter(name => knob(name).kind === 'path');

/** `folder`: that of the run file, or the one in which the command runs. */
export function withWholePaths<Given extends Partial<Settings>>(given: Given, folder: string): Given {
  const whole = pathNames.flatMap(name => {
    const value = given[name];
    return typeof value === 'string' ? [[name, path.resolve(folder, value)] as const] : [];
  });
  return { ...given, ...Object.fromEntries(whole) };
}
