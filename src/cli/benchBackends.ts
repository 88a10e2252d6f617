/** `efcp bench backends`. */
import { backendNames, usualBackends } from '../bench/backends/backendNames';
import { benchBackends } from '../bench/backends/backendsBench';
import { benchModelNames } from '../bench/backends/benchModels';
import { comparedStep, type BackendRow } from '../bench/backends/contestant';
import { serveMeasurements } from '../bench/backends/serveMeasurements';
import { backendsTable } from './backendsTable';
import { parseCommandLine } from './command';
import { interruptedCode, interruption } from './interruption';
import { namesOf } from './optionValues';
import { progressLine } from './progressLine';
import { jsonRows, tableRows, type RowsOut } from './rowsOut';
import { UsageError } from './usageError';

/** With this word the program is the process that one backend is measured in; only the bench forks it so. */
const measuringWord = 'measure';
export const measuringProgram = { file: __filename, words: ['bench', 'backends', measuringWord] };

export async function runBackendsBench(args: readonly string[]): Promise<number> {
  const { values, positionals: [surplus] } = parseCommandLine(args, {
    model: { type: 'string', multiple: true }, backend: { type: 'string', multiple: true }, steps: { type: 'string' }, json: { type: 'boolean' },
  });
  if (surplus === measuringWord && process.send !== undefined) return serveMeasurements(__dirname);
  if (surplus !== undefined) throw new UsageError(`"${surplus}" belongs to no option. See efcp bench --help.`);
  const models = namesOf('model', values.model, benchModelNames) ?? benchModelNames;
  const named = namesOf('backend', values.backend, backendNames);
  const steps = stepsOf(values.steps);
  const progress = progressLine(process.stderr);
  const signal = interruption();
  const table: RowsOut<BackendRow> = values.json ? jsonRows(process.stdout) : tableRows(process.stdout, ({ model }) => model, backendsTable);
  let failed = false;
  try {
    const rows = benchBackends({
      models, backends: named ?? usualBackends, named: named !== undefined, steps, size: 'full', workspace: process.cwd(), program: measuringProgram, signal,
      note: what => progress.show(what), skipped: what => progress.say(`efcp: left out ${what}`),
    });
    for await (const row of rows) {
      progress.clear();
      table.add(row);
      failed ||= row.failure !== null;
    }
    return failed ? 1 : 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    return interruptedCode;
  } finally {
    progress.clear();
    table.end();
  }
}

function stepsOf(text = String(comparedStep)): number {
  const steps = Number(text);
  if (text.trim() === '' || !Number.isInteger(steps) || steps < 1 || steps > 1e4) throw new UsageError(`--steps is "${text}", but must be a whole number from 1 to 10000. Write for example --steps ${comparedStep}.`);
  return steps;
}
