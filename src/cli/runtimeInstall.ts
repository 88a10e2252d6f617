/** `efcp runtime install`: what goes on is told in lines, with bytes on a terminal, or as events. */
import { formatBytes, formatDuration } from '../protocol/format';
import { placeInWords, type InstallEvent, type InstallMessage } from '../runtime/installMessages';
import { installRuntime, type InstallResult } from '../runtime/installRuntime';
import { runtimePlans } from '../runtime/pins';
import { RuntimeRefusal } from '../runtime/refusal';
import { summaryOf } from '../runtime/report';
import { runtimeHome } from '../runtime/runtimeHome';
import { parseCommandLine } from './command';
import { interruptedCode, interruption } from './interruption';
import { progressLine } from './progressLine';
import { checkProgram } from './runtimeCheck';
import { UsageError } from './usageError';

export async function installCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(args, { cpu: { type: 'boolean' }, gpu: { type: 'boolean' }, from: { type: 'string' }, force: { type: 'boolean' }, json: { type: 'boolean' } });
  if (positionals.length > 0) throw new UsageError(`${positionals.join(' ')} is not understood: efcp runtime install takes options only; see efcp runtime --help.`);
  if (values.cpu && values.gpu) throw new UsageError('--cpu and --gpu cannot stand beside one another: a runtime is one or the other. Install them one after the other.');
  const signal = interruption();
  const began = performance.now();
  const out = values.json ? jsonReport : textReport();
  try {
    const result = await installRuntime({
      plan: runtimePlans[values.gpu ? 'gpu' : 'cpu'], home: runtimeHome(), from: values.from, force: values.force ?? false, signal, report: out.event, selfTest: checkProgram(),
    });
    out.finished(result, performance.now() - began);
    return 0;
  } catch (error) {
    if (signal.aborted) {
      out.cancelled();
      return interruptedCode;
    }
    if (!(error instanceof RuntimeRefusal)) throw error;
    out.refused(error);
    return 1;
  }
}

interface Report {
  readonly event: (event: InstallEvent) => void;
  finished(result: InstallResult, ms: number): void;
  cancelled(): void;
  refused(refusal: RuntimeRefusal): void;
}

const write = (event: InstallMessage) => { process.stdout.write(`${JSON.stringify(event)}\n`); };

const jsonReport: Report = {
  event: write,
  finished: (result, ms) => { write({ type: 'finished', alreadyThere: result.alreadyThere, ms: Math.round(ms), test: result.test, runtime: summaryOf(result) }); },
  cancelled: () => write({ type: 'cancelled' }),
  refused: ({ code, what, remedy, details }) => write({ type: 'refused', code, what, remedy, details }),
};

function textReport(): Report {
  const line = progressLine(process.stderr);
  return {
    event: event => {
      if (event.type === 'started') line.say(`Building ${event.folder}: ${formatBytes(event.downloadBytes)} of libraries to download, ${formatBytes(event.installedBytes)} kept.`);
      else if (event.type === 'step') line.say(`[${event.step}/${event.steps}] ${event.title}${event.done ? ': done before' : ''}`);
      else line.show(`      ${event.doing} ${formatBytes(event.bytes)} of ${formatBytes(event.totalBytes)}`);
    },
    finished: ({ folder, record, alreadyThere, test }, ms) => {
      line.clear();
      const placed = placeInWords(record.kind, folder, test);
      process.stdout.write(`${alreadyThere ? 'Already there, and whole' : `Built in ${formatDuration(ms)}`}: ${record.packageName} ${record.tfjs} with TensorFlow ${record.tensorflow}, ${formatBytes(record.bytes)} in ${folder}. It computes ${placed}.\n`);
    },
    cancelled: () => line.say('Cancelled. What is finished is kept: the next attempt goes on from there, and efcp runtime remove --all removes it.'),
    refused: refusal => line.say(`efcp: ${refusal.message}`),
  };
}
