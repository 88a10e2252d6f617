/** A run as a page of Markdown: what was trained and how it went, what memory was made of, what was changed, how to train it again. */
import { formatBytes, formatByteChange, formatCount, formatDuration, formatFigure, formatMegabytes, formatMilliseconds, formatNumbers, formatRelativeChange, formatShare } from '../../protocol/format';
import { categoryLabels, phaseLabels } from '../../protocol/labels';
import { comparisonSoFar, errorOf, type Compared } from '../../protocol/prediction';
import type { AppliedEvent, Forecast } from '../../protocol/runEvents';
import { categories, storedBytes, sumBytes, threeWay } from '../../protocol/samples';
import { knob, type KnobName } from '../../settings/knobs';
import type { RecordedRun } from '../recordedRun';
import { markdownTable, settingsTable, settingText } from '../settingsTable';
import { reproduction } from './reproduction';
import { snapshotsSection } from './snapshotsSection';

/** Of changes and of alarms: a page is read, the whole list is in the exports that machines read. */
const mostRows = 50;

/** `charts`: names of the drawings beside the page. */
export function reportPage(run: RecordedRun, charts: readonly string[]): string {
  const sections = [
    heading(run), results(run), pictures(['loss', 'accuracy'], charts), settings(run), memory(run), pictures(['memory', 'breakdown', 'state'], charts), predicted(run),
    snapshotsSection(run), changes(run), alarms(run), pictures(charts.filter(name => !['loss', 'accuracy', 'memory', 'breakdown', 'state'].includes(name)), charts), reproduction(run),
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
    ['Milliseconds a step, last sample', latest && formatFigure(latest.stepMs)],
  ].flatMap(([name = '', value]) => value === undefined ? [] : [[name, value]]);
  return rows.length === 0 ? '' : `## Results\n\n${markdownTable(['Figure', 'Value'], rows, [1])}`;
}

function settings({ settings: all }: RecordedRun): string {
  return `## Settings that differ from the defaults\n\n${settingsTable(all, 'changed')}`;
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
  const until = change === undefined ? '' : ` Measured until the first change, after step ${formatCount(change.step)}.`;
  const about = `What was predicted before the first step, for the settings of the start, beside what steps 1 to ${formatCount(step)} took.${until}`;
  return `## Predicted and measured\n\n${about}\n\n${markdownTable(['Figure', 'Predicted', 'Measured', 'Error'], rows, [1, 2, 3])}\n\n${started.predicted.assumptions.map(assumption => `- ${assumption}`).join('\n')}`.trimEnd();
}

function changes({ state: { changes: made } }: RecordedRun): string {
  if (made.length === 0) return '';
  const rows = lastFew(made).map(change => [formatCount(change.step), inWords(change), change.forecast === undefined ? '' : forecastText(change.forecast), formatByteChange(change.stateBytesAfter - change.stateBytesBefore)]);
  return `## Changes during the run\n\n${leftOut(made)}${markdownTable(['After step', 'Change', 'Forecast', 'State, measured'], rows, [0, 3])}`;
}

function inWords({ from, to, undoes }: AppliedEvent): string {
  const what = Object.keys(to).map(name => `${knob(name as KnobName).label.toLowerCase()} ${settingText(from[name])} \u2192 ${settingText(to[name])}`).join(', ');
  return undoes === undefined ? what : `${what} (undoes change ${undoes})`;
}

function forecastText({ peakBytes, storedBytes: stored, stepMs }: Forecast): string {
  return [
    ...peakBytes === undefined ? [] : [`peak ${formatByteChange(peakBytes)}`], ...stored === undefined ? [] : [`stored ${formatByteChange(stored)}`],
    ...stepMs === undefined ? [] : [`step ${stepMs < 0 ? '\u2212' : '+'}${formatFigure(Math.abs(stepMs))} ms`],
  ].join(', ');
}

function alarms({ state: { alarms: raised } }: RecordedRun): string {
  if (raised.length === 0) return '';
  const rows = lastFew(raised).map(({ step, kind, message, layer, fix, action }) => [formatCount(step), kind, layer === undefined ? message : `${message} Layer: ${layer}.`, fix?.words ?? '', action]);
  return `## Alarms\n\n${leftOut(raised)}${markdownTable(['Step', 'Alarm', 'What happened', 'What helps', 'Done'], rows, [0])}`;
}

function lastFew<Item>(items: readonly Item[]): readonly Item[] {
  return items.slice(-mostRows);
}

function leftOut(items: readonly unknown[]): string {
  return items.length > mostRows ? `The last ${mostRows} of ${formatCount(items.length)}.\n\n` : '';
}

function pictures(names: readonly string[], charts: readonly string[]): string {
  return names.filter(name => charts.includes(name)).map(name => `![${name}](charts/${name}.svg)`).join('\n\n');
}
