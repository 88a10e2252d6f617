/** A run as a page of Markdown: what was trained and how it went, what memory was made of, what was changed, how to train it again. */
import { formatBytes, formatCount, formatDuration, formatFigure, formatMegabytes, formatMilliseconds, formatNumbers, formatRelativeChange, formatShare } from '../../protocol/format';
import { categoryLabels, phaseLabels } from '../../protocol/labels';
import { comparisonSoFar, errorOf } from '../../protocol/comparison';
import type { Compared } from '../../protocol/prediction';
import { categories, storedBytes, sumBytes, threeWay } from '../../protocol/samples';
import type { RecordedRun } from '../recordedRun';
import type { Scene } from '../pictures/scene';
import { markdownTable, settingsTable } from '../settingsTable';
import { alarmsSection, changesSection } from './happenings';
import { reproduction } from './reproduction';
import { snapshotsSection } from './snapshotsSection';

/** The drawings beside the page, by name. */
type Charts = ReadonlyMap<string, Pick<Scene, 'title'>>;

const [ofResults, ofMemory, ofTime] = [['loss', 'accuracy'], ['memory', 'breakdown', 'state'], ['stepTime']];

export function reportPage(run: RecordedRun, charts: Charts): string {
  const others = pictures([...charts.keys()].filter(name => ![...ofResults, ...ofMemory, ...ofTime].includes(name)), charts);
  const sections = [
    heading(run), results(run), pictures(ofResults, charts), settings(run), memory(run), pictures(ofMemory, charts), predicted(run), pictures(ofTime, charts),
    changesSection(run), alarmsSection(run), snapshotsSection(run), others === '' ? '' : `## Diagnostics\n\n${others}`, reproduction(run),
  ];
  return `${sections.filter(section => section !== '').join('\n\n')}\n`;
}

function heading({ record, settings: { model, data, optimizer }, state: { started, status, message, step, elapsedMs }, damagedLines }: RecordedRun): string {
  const unfinished = status === 'completed' || status === 'stopped' || status === 'failed' ? '' : ' It had not ended when this page was written, or was interrupted.';
  const size = started === undefined ? '' : ` ${formatCount(started.parameterCount)} parameters, ${formatCount(started.trainExamples)} examples to train with and ${formatCount(started.validationExamples)} to validate with.`;
  const backend = started === undefined ? '' : ` Backend: ${started.backend.name} ${started.backend.version}${started.backend.device === undefined ? '' : ` on ${started.backend.device}`} (${started.backend.reason}).`;
  return [
    `# ${record.name}`,
    `Model \`${model}\` on data \`${data}\` with ${optimizer}, ${formatCount(step)} steps in ${formatDuration(elapsedMs)}: ${status}.${unfinished}${size}`,
    `Run \`${record.id}\`, begun ${record.createdAt}, by EFCP Studio ${record.studio}${record.node === undefined ? '' : ` on Node ${record.node.version}`}.${backend}`,
    ...message === undefined ? [] : [`> ${message.replaceAll('\n', '\n> ')}`],
    ...damagedLines.length === 0 ? [] : [`> events.jsonl is damaged: what line ${formatNumbers(damagedLines)} held is not in here.`],
  ].join('\n\n');
}

function results({ state: { latest, validation, finished, peak } }: RecordedRun): string {
  const rows = [
    ['Training loss, last sample', latest && formatFigure(latest.loss)], ['Training loss, mean of the last epoch', finished?.metrics.loss === undefined ? undefined : formatFigure(finished.metrics.loss)],
    ['Training accuracy, last sample', latest?.accuracy === undefined ? undefined : formatShare(latest.accuracy)], ['Validation loss', validation && formatFigure(validation.loss)],
    ['Validation accuracy', validation?.accuracy === undefined ? undefined : formatShare(validation.accuracy)], ['Peak live bytes', peak && formatBytes(peak.peakBytes)],
    ['Time of a step, last sample', latest && formatMilliseconds(latest.stepMs)],
  ].flatMap(([name = '', value]) => value === undefined ? [] : [[name, value]]);
  return rows.length === 0 ? '' : `## Results\n\n${markdownTable(['Figure', 'Value'], rows, [1])}`;
}

function settings({ settings: all, state: { changes } }: RecordedRun): string {
  const later = changes.length === 0 ? '' : ' What was changed while it went on is below.';
  return `## Settings\n\nAs the run began. What is not named has its default for ${all.optimizer}.${later}\n\n${settingsTable(all, 'telling')}`;
}

function memory({ state: { peak, storedPeak } }: RecordedRun): string {
  if (peak === undefined) return '';
  const total = sumBytes(peak.bytesAtPeak);
  const rows = categories.filter(category => peak.bytesAtPeak[category] > 0).map(category => [categoryLabels[category], formatCount(peak.bytesAtPeak[category]), formatBytes(peak.bytesAtPeak[category]), formatShare(peak.bytesAtPeak[category] / total)]);
  const table = markdownTable(['Category', 'Bytes', '', 'Share'], [...rows, ['All', formatCount(total), formatBytes(total), formatShare(1)]], [1, 2, 3]);
  const page = `## Memory at the peak\n\nThe highest instant of the run, in the ${phaseLabels[peak.peakPhase]}, counted to the byte.\n\n${table}`;
  if (storedPeak === undefined) return page;
  const { model, optimizer, activations } = threeWay(storedPeak);
  const ways = [['Model', model], ['Optimizer (with gradients)', optimizer], ['Activations (with their gradients)', activations], ['Sum of the three', model + optimizer + activations], ['Workspace at that instant, beside it', storedPeak.workspace]] as const;
  return `${page}\n\nIn the three-way view of "Low-Memory Neural Network Training" (arXiv 1904.10631), measured by us at the instant at which most was stored, ${formatBytes(storedBytes(storedPeak))} without workspace; MB = 10^6 bytes:\n\n${markdownTable(['Part', 'Measured'], ways.map(([name, bytes]) => [name, formatMegabytes(bytes)]), [1])}`;
}

function predicted({ state }: RecordedRun): string {
  const { started, changes: [change] } = state;
  const comparison = comparisonSoFar(state);
  if (started?.predicted === undefined || comparison === undefined) return '';
  const row = (name: string, compared: Compared | undefined, format: (value: number) => string) => {
    if (compared === undefined) return [];
    const error = errorOf(compared);
    return [[name, format(compared.predicted), format(compared.measured), error === undefined ? '' : formatRelativeChange(error)]];
  };
  const { peakBytes, storedBytes: stored, stateBytes, stepMs, step } = comparison;
  const rows = [...row('Peak', peakBytes, formatBytes), ...row('Stored at most', stored, formatBytes), ...row('Optimizer state', stateBytes, formatBytes), ...row('Step', stepMs, formatMilliseconds)];
  const until = change === undefined ? '' : ', after which the first setting was changed';
  const about = `What was predicted before the first step, beside what was measured up to step ${formatCount(step)}${until}.`;
  const { assumptions } = started.predicted;
  const assumed = assumptions.length === 0 ? '' : `\n\nThe prediction assumes:\n\n${assumptions.map(assumption => `- ${assumption}`).join('\n')}`;
  return `## Predicted and measured\n\n${about}\n\n${markdownTable(['Figure', 'Predicted', 'Measured', 'Error'], rows, [1, 2, 3])}${assumed}`;
}

function pictures(names: readonly string[], charts: Charts): string {
  return names.flatMap(name => {
    const chart = charts.get(name);
    return chart === undefined ? [] : [`![${chart.title.replace(/[[\]]/g, '\\$&')}](charts/${name}.svg)`];
  }).join('\n\n');
}
