/** `efcp data verify`: reads every file of a data set and compares it with what is published. */
import { described } from '../data/catalog';
import { dataHome } from '../data/dataHome';
import { DataRefusal } from '../data/fetch/dataRefusal';
import { verifyFiles } from '../data/fetch/verifyData';
import { findData, howToGet } from '../data/findData';
import { parseCommandLine } from './command';
import { namedData } from './namedData';
import { formatTable } from './table';

export async function verifyCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(args, { json: { type: 'boolean' } });
  const name = namedData(positionals, 'verify');
  const found = findData(name);
  if (found === undefined) throw new DataRefusal('absent', `There is no ${name} in ${dataHome()}.`, howToGet(name));
  const files = await verifyFiles(found.folder, described(name), found.contents);
  const whole = files.every(({ problem }) => problem === undefined);
  if (values.json) process.stdout.write(`${JSON.stringify({ name, folder: found.folder, whole, files }, null, 2)}\n`);
  else process.stdout.write(`${formatTable(files.map(({ file, problem }) => [file, problem ?? 'whole']))}\n${whole ? '' : `\nTake it away with efcp data remove ${name}. ${howToGet(name)}\n`}`);
  return whole ? 0 : 1;
}
