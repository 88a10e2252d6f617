/** `efcp bench convergence`. */
import { digitsStudy } from '../bench/convergence/digitsStudy';
import { convergenceReport, type ConvergenceResults, type Report } from '../bench/convergence/report';
import { rosenbrockPaths } from '../bench/convergence/rosenbrock';
import { softmaxStudy } from '../bench/convergence/softmaxStudy';
import { runStudy, type StudyResult } from '../bench/convergence/study';
import { formatDuration } from '../protocol/format';
import { parseCommandLine } from './command';
import { interruptedCode, interruption } from './interruption';
import { countOf } from './optionValues';
import { progressLine, type ProgressLine } from './progressLine';
import { machineName, outputFolder, writeReport } from './reportFolder';
import { UsageError } from './usageError';

const rosenbrock = { steps: 1000, learningRate: 0.1 };

export async function runConvergenceBench(args: readonly string[]): Promise<number> {
  const { values, positionals: [surplus] } = parseCommandLine(args, {
    seeds: { type: 'string' }, steps: { type: 'string' }, output: { type: 'string' }, quick: { type: 'boolean' }, json: { type: 'boolean' },
  });
  if (surplus !== undefined) throw new UsageError(`"${surplus}" belongs to no option. See efcp bench --help.`);
  const seeds = Array.from({ length: countOf('seeds', values.seeds ?? '3', 100) }, (_, index) => index + 1);
  const steps = countOf('steps', values.steps ?? '1000', 1e6);
  const signal = interruption();
  const folder = outputFolder('output', values.output ?? 'efcp-convergence');
  const progress = progressLine(process.stderr);
  const studies = [softmaxStudy({ steps }), ...values.quick ? [] : [digitsStudy('digits-mlp', __dirname), digitsStudy('digits-convnet', __dirname)]];
  try {
    const results: StudyResult[] = [];
    for (const study of studies) results.push(await runStudy(study, seeds, watch(progress, signal)));
    const all: ConvergenceResults = { studies: results, seeds, machine: machineName(), rosenbrock: { ...rosenbrock, paths: rosenbrockPaths(rosenbrock.steps, rosenbrock.learningRate) } };
    const report = convergenceReport(all);
    progress.clear();
    const page = writeReport(folder, report);
    if (values.json) process.stdout.write(`${JSON.stringify(plainResults(all, report), null, 2)}\n`);
    else process.stdout.write(`${summary(report)}\n\nreport: ${page}\n`);
    return report.holds ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    progress.say('efcp: interrupted; nothing was written.');
    return interruptedCode;
  }
}

/** Says which run is on and how long it will all take, as far as the pace until now tells. */
function watch(progress: ProgressLine, signal: AbortSignal): Parameters<typeof runStudy>[2] {
  const begun = performance.now();
  return (study, method, done, total) => {
    signal.throwIfAborted();
    const left = done === 0 ? '' : `, about ${formatDuration((performance.now() - begun) / done * (total - done))} left of this problem`;
    progress.show(`${study.title}: run ${done + 1} of ${total}, ${method.label}${method.errorFeedback === false ? ' without error feedback' : ''}${left}`);
  };
}

function summary({ findings, holds }: Report): string {
  const lines = findings.map(({ family, errorFeedback, ratio, holds: one }) => `  ${one ? 'holds' : 'FAILS'}  ${family}, Top-K 1 % ${errorFeedback ? 'with' : 'without'} error feedback: ${ratio.toFixed(2)} x the dense loss`);
  return [`The claim ${holds ? 'holds' : 'was not reproduced'}:`, ...lines].join('\n');
}

/** Everything that the report shows, without curves. JSON knows no Infinity: a run that diverged has the loss null. */
function plainResults({ studies, seeds, machine: ranOn, rosenbrock: { paths } }: ConvergenceResults, { findings, holds }: Report) {
  return {
    holds, findings, seeds, machine: ranOn,
    problems: studies.map(({ study, results }) => ({
      name: study.name,
      methods: results.map(({ method, best, trials, isAtEdge }) => ({
        method: method.label, errorFeedback: method.errorFeedback ?? null, learningRate: best.learningRate, isAtEdge, median: best.median,
        losses: best.outcomes.map(({ loss }) => loss), accuracies: best.outcomes.map(({ accuracy }) => accuracy ?? null),
        grid: trials.map(({ learningRate, median }) => ({ learningRate, median })),
      })),
    })),
    rosenbrock: paths.map(({ label, loss }) => ({ method: label, loss })),
  };
}
