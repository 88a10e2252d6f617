/** `efcp data list`. */
import { dataHome } from '../data/dataHome';
import { dataReport } from '../data/fetch/dataReport';
import { formatBytes } from '../protocol/format';
import { parseCommandLine } from './command';
import { formatTable } from './table';

export function listData(args: readonly string[]): Promise<number> {
  const { values } = parseCommandLine(args, { json: { type: 'boolean' } });
  const home = dataHome();
  const sets = dataReport(home);
  const rows = sets.map(({ name, state, folder, bytes, downloadBytes, title, licence }) => [
    name,
    state === 'here' ? `here, in ${folder}` : state === 'partly' ? `${formatBytes(bytes)} are here; ${downloadBytes === 0 ? 'bring the rest' : `efcp data fetch ${name} goes on`}` : downloadBytes === 0 ? `to be brought, into ${folder}` : `efcp data fetch ${name} downloads ${formatBytes(downloadBytes)}`,
    `${title}. ${licence}`,
  ]);
  process.stdout.write(values.json ? `${JSON.stringify({ home, sets }, null, 2)}\n` : `${formatTable(rows)}\n`);
  return Promise.resolve(0);
}
