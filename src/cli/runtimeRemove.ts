/** `efcp runtime remove`. */
import { removable, removeRuntime } from '../runtime/removeRuntime';
import { runtimeHome } from '../runtime/runtimeHome';
import { parseCommandLine } from './command';
import { UsageError } from './usageError';

export function removeRuntimes(args: readonly string[]): Promise<number> {
  const { values, positionals: [name, ...more] } = parseCommandLine(args, { all: { type: 'boolean' }, json: { type: 'boolean' } });
  const home = runtimeHome();
  if (more.length > 0 || (name !== undefined && values.all)) throw new UsageError('Name one runtime, or write --all.');
  if (name === undefined && !values.all) {
    const there = removable(home);
    if (there.length > 1) throw new UsageError(`Say which: ${there.join(', ')}; or write --all.`);
  }
  const removed = removeRuntime(home, name);
  process.stdout.write(values.json ? `${JSON.stringify({ removed })}\n` : `Removed from ${home}: ${removed.join(', ')}.\n`);
  return Promise.resolve(0);
}
