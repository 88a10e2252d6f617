/** Refuses the name of a file that an option is given to write, before any work is done for it. */
import { existsSync } from 'node:fs';
import { UsageError } from './usageError';

export interface Target {
  readonly option: string;
  readonly file: string;
  /** What its name may end with. */
  readonly endings: readonly string[];
  readonly example: string;
  readonly mayOverwrite: boolean;
}

export function refuseTarget({ option, file, endings, example, mayOverwrite }: Target): void {
  if (!endings.some(ending => file.endsWith(ending))) throw new UsageError(`${option} is ${file}, but its name must end with ${endings.join(' or ')}. Write for example ${option} ${example}.`);
  if (!mayOverwrite && existsSync(file)) throw new UsageError(`${option} is ${file}, which exists. Choose another name, or add --force to overwrite it.`);
}
