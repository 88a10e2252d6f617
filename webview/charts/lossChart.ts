/** The loss: the train mean with its band from lowest to highest batch, and validation. */
import { formatCount } from '../../src/protocol/format';
import { formatLoss, shortest } from '../format';
import type { View } from '../store';
import type { ChartSpec, Line } from './chartSpec';
import { stepTable } from './stepTable';
import { validationLine, validationPointRadius } from './validationLine';

/** Lines in the order of `lines`. */
const [top, bottom, mean, validation] = [0, 1, 2, 3];
/** Free room above and below the curves, as a factor. */
const margin = 1.25;

export const lossChart: ChartSpec = {
  name: 'loss',
  title: 'Loss',
  caption: 'log scale, mean and range',
  scaleType: 'logarithmic',
  stacked: false,
  format: formatLoss,
  mark: shortest,
  markersAt: 'top',
  lines: palette => [
    { data: [], borderWidth: 0, pointHoverRadius: 0, backgroundColor: palette.band, fill: '+1' },
    { data: [], borderWidth: 0, pointHoverRadius: 0, fill: false },
    { label: 'Train', data: [], borderColor: palette.train, backgroundColor: palette.train, fill: false },
    validationLine(palette),
  ],
  fill: (lines, { points, validations }) => {
    put(lines[top], points.map(({ step, lossMax }) => ({ x: step, y: positive(lossMax) })));
    put(lines[bottom], points.map(({ step, lossMin }) => ({ x: step, y: positive(lossMin) })));
    put(lines[mean], points.map(({ step, loss }) => ({ x: step, y: positive(loss) })));
    put(lines[validation], validations.map(({ step, loss }) => ({ x: step, y: positive(loss) })));
    validationPointRadius(lines[validation], validations.length);
  },
  range: ({ points, validations }) => {
    const all = [...points.flatMap(({ lossMin, lossMax }) => [lossMin, lossMax]), ...validations.map(({ loss }) => loss)];
    const seen = all.filter(loss => loss > 0 && Number.isFinite(loss));
    return seen.length === 0 ? {} : { min: Math.min(...seen) / margin, max: Math.max(...seen) * margin };
  },
  legend: ({ state }) => [
    { label: 'train', swatch: 'line train', value: state.latest ? formatLoss(state.latest.loss) : '' },
    { label: 'validation', swatch: 'line dashed validation', value: state.validation ? formatLoss(state.validation.loss) : '' },
  ],
  summary,
  table: view => ({
    columns: ['Step', 'Train mean', 'Lowest', 'Highest', 'Validation'],
    rows: stepTable(view, 3, ({ loss, lossMin, lossMax }) => [loss, lossMin, lossMax].map(formatLoss), ({ loss }) => formatLoss(loss)),
  }),
};

function put(line: Line | undefined, data: Line['data']): void {
  if (line !== undefined) line.data = data;
}

/** A logarithmic axis has no place for anything else: the curve has a gap there. */
function positive(loss: number): number {
  return loss > 0 ? loss : Number.NaN;
}

function summary({ state, points }: View): string {
  const first = points[0];
  if (state.latest === undefined || first === undefined) return 'No step yet.';
  const at = ({ loss, step }: { readonly loss: number; readonly step: number }) => `${formatLoss(loss)} at step ${formatCount(step)}`;
  const train = `Train loss ${at(state.latest)}, from ${at(first)}.`;
  return state.validation ? `${train} Validation loss ${at(state.validation)}.` : train;
}
