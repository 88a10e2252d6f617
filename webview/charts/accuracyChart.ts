/** The share of examples classified correctly: train and validation. */
import { formatCount } from '../../src/protocol/format';
import { absent, formatAccuracy, formatPercent } from '../format';
import type { View } from '../store';
import type { ChartSpec, Place } from './chartSpec';
import { stepTable } from './stepTable';
import { validationLine, validationPointRadius } from './validationLine';

export const accuracyChart: ChartSpec = {
  name: 'accuracy',
  title: 'Accuracy',
  caption: 'correctly classified',
  scaleType: 'linear',
  stacked: false,
  format: formatPercent,
  mark: formatPercent,
  markersAt: 'bottom',
  lines: palette => [
    { label: 'Train', data: [], borderColor: palette.train, backgroundColor: palette.train, fill: false },
    validationLine(palette),
  ],
  fill: ([train, validation], { points, validations }) => {
    if (train !== undefined) train.data = places(points);
    if (validation !== undefined) validation.data = places(validations);
    validationPointRadius(validation, validations.length);
  },
  isFor: ({ points, validations }) => points.length === 0 || [...points, ...validations].some(({ accuracy }) => accuracy !== undefined),
  range: () => ({ min: 0, max: 1, stepSize: 0.2 }),
  legend: ({ state }) => [
    { label: 'train', swatch: 'line train', value: shown(state.latest) },
    { label: 'validation', swatch: 'line dashed validation', value: shown(state.validation) },
  ],
  summary,
  table: view => ({
    columns: ['Step', 'Train', 'Validation'],
    rows: stepTable(view, 1, point => [shown(point) || absent], event => shown(event) || absent),
  }),
};

function summary({ state: { latest, validation } }: View): string {
  if (latest?.accuracy === undefined) return 'No step yet.';
  const train = `Train accuracy ${shown(latest)} at step ${formatCount(latest.step)}.`;
  return validation?.accuracy === undefined ? train : `${train} Validation accuracy ${shown(validation)} at step ${formatCount(validation.step)}.`;
}

interface Judged {
  readonly step: number;
  readonly accuracy?: number | undefined;
}

function shown(judged: Judged | undefined): string {
  return judged?.accuracy === undefined ? '' : formatAccuracy(judged.accuracy);
}

function places(judged: readonly Judged[]): Place[] {
  return judged.flatMap(({ step, accuracy }) => accuracy === undefined ? [] : [{ x: step, y: accuracy }]);
}
