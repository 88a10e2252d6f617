/** `efcp bench parity`. */
import { loadBackend } from '../backends/loadBackend';
import { backendNames } from '../bench/backends/backendNames';
import { parityReport, type ParityReport } from '../bench/lossParity/parityReport';
import { parityData } from '../bench/lossParity/parityData';
import { findings, runParity, type ParityProgress, type ParityResult } from '../bench/lossParity/parityStudy';
import { parityModelNames, parityModels } from '../bench/lossParity/variants';
import { formatDuration } from '../protocol/format';
import { parseCommandLine } from './command';
import { interruptedCode, interruption } from './interruption';
import { countOf, namesOf } from './optionValues';
import { progressLine, type ProgressLine } from './progressLine';
import { machineName, outputFolder, writeReport } from './reportFolder';
import { UsageError } from './usageError';

const validationExamples = 500;

export async function runParityBench(args: readonly string[]): Promise<number> {
  const { values, positionals: [surplus] } = parseCommandLine(args, {
    model: { type: 'string', multiple: true }, seeds: { type: 'string' }, steps: { type: 'string' }, backend: { type: 'string' }, out: { type: 'string' }, json: { type: 'boolean' },
  });
  if (surplus !== undefined) throw new UsageError(`"${surplus}" belongs to no option. See efcp bench --help.`);
  const models = namesOf('model', values.model, parityModelNames) ?? parityModelNames;
  const seeds = Array.from({ length: countOf('seeds', values.seeds ?? '3', 100) }, (_, index) => index + 1);
  const steps = values.steps === undefined ? undefined : countOf('steps', values.steps, 1e6);
  const [backendName = 'wasm'] = namesOf('backend', values.backend === undefined ? undefined : [values.backend], backendNames) ?? [];
  const [signal, folder, progress] = [interruption(), outputFolder('out', values.out ?? 'efcp-parity'), progressLine(process.stderr)];
  const backend = await loadBackend(backendName, { assets: __dirname, workspace: process.cwd() });
  const parts: ParityResult[] = [];
  for (const model of models) {
    const dataset = await parityData(model, __dirname);
    try {
      const problem = { model, dataset, steps: steps ?? parityModels[model].steps, validationExamples };
      const part = await unlessAborted(signal, runParity(problem, seeds, backend, __dirname, signal, watch(progress)));
      if (part === undefined) break;
      parts.push(part);
    } finally {
      dataset.close();
    }
  }
  progress.clear();
  if (signal.aborted) progress.say(`efcp: interrupted; ${parts.length === 0 ? 'nothing was written.' : `only ${parts.map(({ problem }) => problem.model).join(' and ')} was finished.`}`);
  if (parts.length === 0) return interruptedCode;
  const report = parityReport(parts, { machine: machineName(), backend: `${backend.name} ${backend.version}` });
  const page = writeReport(folder, report);
  process.stdout.write(values.json ? `${JSON.stringify(plain(parts), null, 2)}\n` : `${summary(parts, report)}\n\nreport: ${page}\n`);
  return signal.aborted ? interruptedCode : report.holds ? 0 : 1;
}

/** Undefined where it was given up because of the signal. */
async function unlessAborted<Result>(signal: AbortSignal, result: Promise<Result>): Promise<Result | undefined> {
  try {
    return await result;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

function watch(progress: ProgressLine): ParityProgress {
  const begun = performance.now();
  return ({ model }, { label }, done, total) => {
    const left = done === 0 ? '' : `, about ${formatDuration((performance.now() - begun) / done * (total - done))} left of this network`;
    progress.show(`${model}: run ${done + 1} of ${total}, ${label}${left}`);
  };
}

function summary(parts: readonly ParityResult[], { holds }: ParityReport): string {
  const lines = parts.flatMap(part => findings(part).map(({ variant, isIdentical, difference, holds: one }) => (
    `  ${one ? 'holds' : 'FAILS'}  ${part.problem.model}, ${variant.label}: ${isIdentical ? 'identical' : `validation loss ${difference.mean >= 0 ? '+' : '\u2212'}${Math.abs(difference.mean).toFixed(3)} ± ${difference.deviation.toFixed(3)}`}`
  )));
  return [holds ? 'All techniques are within their margins:' : 'A technique is outside its margin:', ...lines].join('\n');
}

/** All that the report shows, curves too. */
function plain(parts: readonly ParityResult[]) {
  return parts.map(part => ({
    model: part.problem.model, data: part.problem.dataset.name, steps: part.problem.steps, seeds: part.seeds,
    techniques: findings(part).map(({ variant, difference, validationLoss, accuracy, isIdentical, holds }, index) => ({
      technique: variant.name, settings: variant.settings, validationLoss, difference, accuracy, isIdentical, holds,
      runs: part.results[index]?.outcomes.map(({ losses, validationLoss: loss, accuracy: share, activationBytes, skipped }) => ({ losses, validationLoss: loss, accuracy: share, activationBytes, skipped })),
    })),
  }));
}
