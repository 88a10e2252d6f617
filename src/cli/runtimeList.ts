/** `efcp runtime list`. */
import { runtimeReport, runtimeTable } from '../runtime/report';
import { runtimeHome } from '../runtime/runtimeHome';
import { parseCommandLine } from './command';
import { formatTable } from './table';

export function listRuntimes(args: readonly string[]): Promise<number> {
  const { values } = parseCommandLine(args, { json: { type: 'boolean' } });
  const report = runtimeReport(runtimeHome());
  if (values.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else process.stdout.write(report.runtimes.length + report.unreadable.length + report.unfinished.length === 0 ? `There is no runtime in ${report.home}. Build one with efcp runtime install.\n` : `${formatTable(runtimeTable(report))}\n`);
  return Promise.resolve(0);
}
