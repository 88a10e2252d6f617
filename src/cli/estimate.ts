/** `efcp estimate`: what a run will take, before it is started. */
import { formatBytes, formatCount, formatMilliseconds, formatOperations, formatShare } from '../protocol/format';
import type { Estimate } from '../protocol/estimate';
import { phaseLabels } from '../protocol/labels';
import { categories } from '../protocol/samples';
import { isTextData } from '../settings/dataFit';
import type { Settings } from '../settings/knobs';
import { presetNames } from '../settings/presets';
import { Estimator } from '../trainer/estimate/estimator';
import { parseCommandLine, type Command } from './command';
import { storedLine } from './memoryLines';
import { resolveRequest, parseAssignment } from './runRequest';
import { servePlanning } from './servePlanning';
import { formatTable } from './table';
import { UsageError } from './usageError';

export const estimateCommand: Command = {
  summary: 'say what a run will take, without training',
  help: `efcp estimate PRESET|FILE [--set key=value …] [--backend NAME] [--json]
efcp estimate --serve

Says, without training, how many bytes a run will hold by category, at its highest instant and stored at most, how long a step
takes on this machine, and how much is computed again. Bytes follow from passes over a few examples, recorded with zeros as
weights, and from formulas; what must hold for them to be true is listed.

  --set key=value  sets any setting; may be repeated
  --backend NAME   short for --set backend=NAME; with "auto" nothing is measured: what was measured before counts, or else the
                   embedded wasm
  --json           one object: { "bytes": { category: n }, "peakBytes": n, "stepMs": n, "recomputedFlops": n, "assumptions": […], … }
  --serve          answers requests on stdin, one line of JSON each, until it closes; for editors
  --help           shows this

Exit codes: 0 estimated, 1 it could not be said, 2 the command line or the file was refused.
Presets: ${presetNames.join(', ')}`,

  async run(args) {
    const { values, positionals } = parseCommandLine(args, { set: { type: 'string', multiple: true }, backend: { type: 'string' }, json: { type: 'boolean' }, serve: { type: 'boolean' } });
    const [target, ...more] = positionals;
    const estimator = new Estimator({ assets: __dirname, workspace: process.cwd() });
    try {
      if (values.serve) {
        if (target !== undefined || values.set !== undefined || values.backend !== undefined) throw new UsageError('--serve stands alone: settings come with each request.');
        await servePlanning(estimator, process.stdin, process.stdout);
        return 0;
      }
      if (target === undefined) throw new UsageError(`Say what to estimate: a preset (${presetNames.join(', ')}) or a *.efcp.json file.`);
      const assignments = [...values.set ?? [], ...more, ...values.backend === undefined ? [] : [`backend=${values.backend}`]];
      const { name, settings } = resolveRequest(target, Object.fromEntries(assignments.map(parseAssignment)));
      if (readsText(settings)) process.stderr.write(`Cutting the text of ${settings.sourceFile ?? settings.data} into tokens, which takes the longer the more there is.\n`);
      const estimate = await estimator.estimate(settings);
      process.stdout.write(values.json ? `${JSON.stringify(estimate)}\n` : `${inWords(name, estimate)}\n`);
      return 0;
    } finally {
      estimator.dispose();
    }
  },
};

/** What is built in takes a moment. */
function readsText({ data, sourceFile }: Pick<Settings, 'data' | 'sourceFile'>): boolean {
  return sourceFile !== null || (isTextData(data) && !(['messages', 'message-kinds', 'text'] as readonly string[]).includes(data));
}

function inWords(name: string, { bytes, peakBytes, peakPhase, bytesAtPeak, storedPeak, stepMs, flops, recomputedFlops, parameterCount, examples, backend, assumptions }: Estimate): string {
  const rows = categories.filter(category => bytes[category] > 0).map(category => [category, formatBytes(bytesAtPeak[category]), formatShare(bytesAtPeak[category] / peakBytes), formatBytes(bytes[category])]);
  const again = recomputedFlops === undefined || flops === undefined || recomputedFlops === 0 ? '' : `, ${formatOperations(recomputedFlops)} of them again (${formatShare(recomputedFlops / flops)} more)`;
  return [
    `${name}: ${formatCount(parameterCount)} parameters, ${Number(examples.toFixed(1))} examples a step, on ${backend}`,
    `\npeak: ${formatBytes(peakBytes)}, in the ${phaseLabels[peakPhase]}`,
    formatTable([['', 'at the peak', '', 'at most'], ...rows], [1, 2, 3]),
    `\n${storedLine(storedPeak)}`,
    ...stepMs === undefined ? [] : [`step: ${formatMilliseconds(stepMs)}`],
    ...flops === undefined ? [] : [`operations of a step: ${formatOperations(flops + (recomputedFlops ?? 0))}${again}`],
    `\nassumptions\n${assumptions.map(sentence => `  - ${sentence}`).join('\n')}`,
  ].join('\n');
}
