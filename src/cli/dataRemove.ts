/** `efcp data remove`. */
import { dataHome } from '../data/dataHome';
import { removeData } from '../data/fetch/removeData';
import { formatBytes } from '../protocol/format';
import { parseCommandLine } from './command';
import { namedData } from './namedData';

export function removeCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(args, { json: { type: 'boolean' } });
  const name = namedData(positionals, 'remove');
  const home = dataHome();
  const bytes = removeData(name, home);
  process.stdout.write(values.json ? `${JSON.stringify({ removed: name, bytes })}\n` : `Removed ${name} from ${home}: ${formatBytes(bytes)}.\n`);
  return Promise.resolve(0);
}
