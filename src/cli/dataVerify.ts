/** `efcp data verify`: reads every file of a data set and compares its checksum. */
import { described } from '../data/catalog';
import { dataHome } from '../data/dataHome';
import { DataRefusal } from '../data/fetch/dataRefusal';
import { verifyFiles } from '../data/fetch/verifyData';
import { bringInstead, findData } from '../data/findData';
import { parseCommandLine } from './command';
import { namedData } from './namedData';
import { formatTable } from './table';

export async function verifyCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(args, { json: { type: 'boolean' } });
  const name = namedData(positionals, 'verify');
  const found = findData(name);
  if (found === undefined) throw new DataRefusal('absent', `There is no ${name} in ${dataHome()}.`, `Fetch it with: efcp data fetch ${name}. ${bringInstead(name)}`);
  const files = await verifyFiles(found.folder, described(name));
  const whole = files.every(({ problem }) => problem === undefined);
  if (values.json) process.stdout.write(`${JSON.stringify({ name, folder: found.folder, whole, files }, null, 2)}\n`);
  else process.stdout.write(`${formatTable(files.map(({ file, problem }) => [file, problem ?? 'whole']))}\n${whole ? '' : `\nefcp data remove ${name} and efcp data fetch ${name} bring it anew.\n`}`);
  return whole ? 0 : 1;
}
