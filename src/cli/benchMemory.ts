/** `efcp bench memory`. */
import { memoryModelNames, techniqueNames } from '../bench/memory/memoryModels';
import { benchMemory } from '../bench/memory/memoryBench';
import type { MemoryRow } from '../bench/memory/memoryRow';
import { memoryReport } from '../bench/memory/memoryReport';
import { serveMemory } from '../bench/memory/serveMemory';
import { backendNames } from '../bench/backends/backendNames';
import { parseCommandLine } from './command';
import { interruptedCode, interruption } from './interruption';
import { memoryTable } from './memoryTable';
import { countOf, namesOf } from './optionValues';
import { progressLine } from './progressLine';
import { machineName, outputFolder, writeReport } from './reportFolder';
import { jsonRows, tableRows, type RowsOut } from './rowsOut';
import { UsageError } from './usageError';

/** With this word the program is the process that one technique is measured in; only the bench forks it so. */
const measuringWord = 'measure';
export const memoryProgram = { file: __filename, words: ['bench', 'memory', measuringWord] };

export async function runMemoryBench(args: readonly string[]): Promise<number> {
  const { values, positionals: [surplus] } = parseCommandLine(args, {
    model: { type: 'string', multiple: true }, technique: { type: 'string', multiple: true }, backend: { type: 'string' }, batch: { type: 'string' },
    steps: { type: 'string' }, json: { type: 'boolean' }, out: { type: 'string' },
  });
  if (surplus === measuringWord && process.send !== undefined) return serveMemory(__dirname);
  if (surplus !== undefined) throw new UsageError(`"${surplus}" belongs to no option. See efcp bench --help.`);
  const models = namesOf('model', values.model, memoryModelNames) ?? memoryModelNames.slice(0, 1);
  const techniques = namesOf('technique', values.technique, techniqueNames) ?? techniqueNames;
  const [backend = 'wasm'] = namesOf('backend', values.backend === undefined ? undefined : [values.backend], backendNames) ?? [];
  const batch = values.batch === undefined ? undefined : countOf('batch', values.batch, 8192);
  const steps = countOf('steps', values.steps ?? '1', 1000);
  const folder = values.out === undefined ? undefined : outputFolder('out', values.out);
  const [progress, signal] = [progressLine(process.stderr), interruption()];
  const table: RowsOut<MemoryRow> = values.json ? jsonRows(process.stdout) : tableRows(process.stdout, ({ model }) => model, memoryTable);
  const rows: MemoryRow[] = [];
  const failures: string[] = [];
  try {
    const measured = benchMemory({
      models, techniques, backend, batch, steps, workspace: process.cwd(), program: memoryProgram, signal,
      note: what => progress.show(what),
      failed: what => {
        failures.push(what);
        progress.say(`efcp: not measured: ${what}`);
      },
    });
    for await (const row of measured) {
      progress.clear();
      rows.push(row);
      table.add(row);
    }
    return failures.length > 0 ? 1 : 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    return interruptedCode;
  } finally {
    progress.clear();
    table.end();
    if (folder !== undefined && rows.length > 0) writeReport(folder, memoryReport(rows, { steps, machine: machineName() }));
  }
}
