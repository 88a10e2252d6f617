/** The pictures of a run: those of its panel, and the step time. */
import { formatBytes, formatFigure, formatShare } from '../../protocol/format';
import { categoryLabels } from '../../protocol/labels';
import type { SampleEvent } from '../../protocol/runEvents';
import { categories } from '../../protocol/samples';
import type { RecordedRun } from '../recordedRun';
import type { Place, Scene } from '../pictures/scene';
import { settingWords } from '../settingsTable';
import { breakdownChart, stateChart } from './bars';
import { chart, curve, type LegendEntry, type Note } from './chart';
import { byteAxis, figureAxis, stepAxis } from './chartAxes';
import { categoryColors, train, validation } from './colors';
import { diagnosticCharts, type DiagnosticChart } from './diagnosticCharts';

/** Every chart by the name it has in the panel, where it has one there; those that the run has no figures for are left out. */
export function runCharts(run: RecordedRun): ReadonlyMap<string, Scene> {
  const { points } = run;
  const charts = new Map<string, Scene>();
  if (points.length === 0) return charts;
  charts.set('memory', memoryChart(run));
  charts.set('breakdown', breakdownChart(run));
  const state = stateChart(run);
  if (state !== undefined) charts.set('state', state);
  charts.set('loss', lossChart(run));
  if (points.some(({ accuracy }) => accuracy !== undefined)) charts.set('accuracy', accuracyChart(run));
  charts.set('stepTime', stepTimeChart(run));
  for (const diagnostic of diagnosticCharts) {
    const places = points.flatMap(({ step, diagnostics }): Place[] => diagnostics?.[diagnostic.name] === undefined ? [] : [[step, diagnostics[diagnostic.name] ?? Number.NaN]]);
    if (places.length > 0) charts.set(diagnostic.name, diagnosticChart(run, diagnostic, places));
  }
  return charts;
}

function subtitleOf({ record: { name }, points }: RecordedRun): string {
  return `${name}, step ${points[0]?.step ?? 0} to ${points.at(-1)?.step ?? 0}`;
}

function notesOf({ state: { changes, alarms } }: RecordedRun): Note[] {
  const made = changes.map(({ step, from, to }): Note => ({ x: step, kind: 'change', text: Object.keys(to).map(name => `${name} ${settingWords(name, from[name])} \u2192 ${settingWords(name, to[name])}`).join(', ') }));
  return [...made, ...alarms.map(({ step, kind }): Note => ({ x: step, kind: 'alarm', text: `alarm: ${kind}` }))].sort((a, b) => a.x - b.x);
}

function memoryChart(run: RecordedRun): Scene {
  const { points, state: { peak } } = run;
  const x = stepAxis(lastStep(points));
  const y = byteAxis('Peak live bytes of a step', points.reduce((most, { memory }) => Math.max(most, memory.peakBytes), 1));
  const present = categories.filter(category => points.some(({ memory }) => memory.bytesAtPeak[category] > 0));
  let floor = points.map(() => 0);
  const content = present.map(category => {
    const top = floor.map((bytes, index) => bytes + (points[index]?.memory.bytesAtPeak[category] ?? 0));
    const at = (heights: readonly number[]) => points.map(({ step }, index): Place => [x.at(step), y.at(heights[index] ?? 0)]);
    const area = { kind: 'area', fill: categoryColors[category], points: [...at(top), ...at(floor).reverse()], about: categoryLabels[category] } as const;
    floor = top;
    return area;
  });
  const latest = points.at(-1)?.memory.bytesAtPeak;
  return chart({
    title: 'Memory per step', subtitle: `${subtitleOf(run)}; peak of the run ${formatBytes(peak?.peakBytes ?? 0)}`, x, y, yMark: y.mark, content, notes: notesOf(run),
    description: `Live bytes at the peak of every step, stacked by category. The highest peak is ${formatBytes(peak?.peakBytes ?? 0)}.`,
    legend: present.toReversed().map(category => ({ label: categoryLabels[category], color: categoryColors[category], shape: 'box', value: formatBytes(latest?.[category] ?? 0) })),
  });
}

function lossChart(run: RecordedRun): Scene {
  const { points, validations } = run;
  const x = stepAxis(Math.max(lastStep(points), validations.at(-1)?.step ?? 0));
  const all = [...points.flatMap(({ lossMin, lossMax }) => [lossMin, lossMax]), ...validations.map(({ loss }) => loss)];
  const scale = all.some(loss => loss > 0) ? 'log' : 'linear';
  const y = figureAxis(scale === 'log' ? 'Loss, log scale' : 'Loss', all, scale);
  const at = (step: number, loss: number): Place => [x.at(step), scale === 'linear' || loss > 0 ? y.at(loss) : Number.NaN];
  const bandPoints = points.filter(({ lossMin, lossMax }) => [lossMin, lossMax].every(loss => Number.isFinite(at(0, loss)[1])));
  const band = [...bandPoints.map(({ step, lossMax }) => at(step, lossMax)), ...bandPoints.map(({ step, lossMin }) => at(step, lossMin)).reverse()];
  return chart({
    title: 'Loss', subtitle: `${subtitleOf(run)}; mean of the batches, band from the lowest to the highest`, x, y, notes: notesOf(run),
    description: `Training loss from ${formatFigure(points[0]?.loss ?? 0)} to ${formatFigure(points.at(-1)?.loss ?? 0)}.`,
    content: [{ kind: 'area', fill: train, opacity: 0.17, points: band }, ...curve(points.map(({ step, loss }) => at(step, loss)), train), ...curve(validations.map(({ step, loss }) => at(step, loss)), validation, 2.2, [7, 5])],
    legend: trainAndValidation(formatFigure(points.at(-1)?.loss ?? 0), validations.at(-1) && formatFigure(validations.at(-1)?.loss ?? 0)),
  });
}

function accuracyChart(run: RecordedRun): Scene {
  const { points, validations } = run;
  const x = stepAxis(lastStep(points));
  const y = figureAxis('Examples classified correctly', [], 'linear', [0, 1]);
  const places = (of: readonly { readonly step: number; readonly accuracy?: number | undefined }[]) => of.flatMap(({ step, accuracy }): Place[] => accuracy === undefined ? [] : [[x.at(step), y.at(accuracy)]]);
  const shown = (accuracy: number | undefined) => accuracy === undefined ? undefined : formatShare(accuracy);
  return chart({
    title: 'Accuracy', subtitle: subtitleOf(run), x, y, yMark: value => `${Math.round(value * 100)} %`, notes: notesOf(run),
    description: `Training accuracy ${shown(points.at(-1)?.accuracy) ?? 'unknown'}, validation accuracy ${shown(validations.at(-1)?.accuracy) ?? 'unknown'} at the last step.`,
    content: [...curve(places(points), train), ...curve(places(validations), validation, 2.2, [7, 5])],
    legend: trainAndValidation(shown(points.at(-1)?.accuracy), shown(validations.at(-1)?.accuracy)),
  });
}

function stepTimeChart(run: RecordedRun): Scene {
  const { points, state: { started, changes: [change] } } = run;
  const x = stepAxis(lastStep(points));
  const predicted = started?.predicted?.stepMs;
  const y = figureAxis('Milliseconds a step', [...points.map(({ stepMs }) => stepMs), predicted ?? 0], 'linear');
  // The prediction is of the settings of the start.
  const expected = predicted === undefined ? [] : curve([[x.at(0), y.at(predicted)], [x.at(change?.step ?? lastStep(points)), y.at(predicted)]], validation, 2, [3, 4]);
  return chart({
    title: 'Step time', subtitle: subtitleOf(run), x, y, notes: notesOf(run), description: `Milliseconds a step, at last ${formatFigure(points.at(-1)?.stepMs ?? 0)}.`,
    content: [...expected, ...curve(points.map(({ step, stepMs }) => [x.at(step), y.at(stepMs)]), train)],
    legend: [{ label: 'measured', color: train, shape: 'line', value: `${formatFigure(points.at(-1)?.stepMs ?? 0)} ms` }, ...predicted === undefined ? [] : [{ label: 'predicted', color: validation, shape: 'dashes', value: `${formatFigure(predicted)} ms` } as const]],
  });
}

function diagnosticChart(run: RecordedRun, { title, label, scale, ends }: DiagnosticChart, measured: readonly Place[]): Scene {
  const x = stepAxis(lastStep(run.points));
  const values = measured.map(([, value]) => value);
  const fits = ends === undefined || values.every(value => value >= ends[0]);
  const y = figureAxis(label, values, scale, fits ? ends : undefined);
  const last = formatFigure(values.at(-1) ?? 0);
  return chart({
    title, subtitle: `${subtitleOf(run)}; measured at some steps`, x, y, notes: notesOf(run), description: `${label}, at last ${last}.`,
    content: curve(measured.map(([step, value]) => [x.at(step), scale === 'linear' || value > 0 ? y.at(value) : Number.NaN]), train),
    legend: [{ label: 'measured', color: train, shape: 'line', value: last }],
  });
}

function trainAndValidation(trained: string | undefined, validated: string | undefined): LegendEntry[] {
  return [
    { label: 'train', color: train, shape: 'line', ...trained === undefined ? {} : { value: trained } },
    ...validated === undefined ? [] : [{ label: 'validation', color: validation, shape: 'dashes', value: validated } as const],
  ];
}

function lastStep(points: readonly SampleEvent[]): number {
  return points.at(-1)?.step ?? 1;
}
