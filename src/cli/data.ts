/** `efcp data`: fetches, lists, checks and removes data sets. */
import { catalogNames, described, downloadBytes } from '../data/catalog';
import { dataHome } from '../data/dataHome';
import { formatBytes } from '../protocol/format';
import type { Command } from './command';
import { fetchCommand } from './dataFetch';
import { listData } from './dataList';
import { removeCommand } from './dataRemove';
import { verifyCommand } from './dataVerify';
import { formatTable } from './table';
import { UsageError } from './usageError';

const verbs: Readonly<Record<string, Command['run']>> = { fetch: fetchCommand, list: listData, verify: verifyCommand, remove: removeCommand };

export const dataCommand: Command = {
  summary: 'fetch data sets, list or remove them',
  help: `efcp data list [--json]
efcp data fetch NAME [--mirror ADDRESS] [--json]
efcp data verify NAME [--json]
efcp data remove NAME [--json]

  fetch   downloads, checks and unpacks a data set. Ctrl-C cancels; what has come is kept, and the next attempt goes on from there.
  list    what can be fetched and what is here
  verify  reads every file and compares it with what is published: checksums, of tables columns and lines
  remove  takes a fetched data set away

  --mirror ADDRESS  a folder on a server that has the published files; asked before the published addresses
  --json            writes events, or the report, as JSON
  --help            shows this

Data sets
${formatTable(catalogNames.map(name => [name, downloadBytes(described(name)) === 0 ? 'to be brought' : formatBytes(downloadBytes(described(name))), described(name).title]), [1])}

They lie in ${dataHome()}; EFCP_DATA_HOME names another folder. The digits and the messages need no download.
Exit codes: 0 done, 1 refused or failed, 2 the command line was refused, 130 cancelled.`,

  run([verb, ...args]) {
    const run = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (run === undefined) throw new UsageError(`${verb === undefined ? 'Say what to do' : `"${verb}" is not something to do`} with data sets: fetch, list, verify or remove; see efcp data --help.`);
    return run(args);
  },
};
