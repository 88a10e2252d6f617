/** The parts of chart.js that the panel uses, and the options all its charts share. */
import { Chart, Filler, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, Tooltip, type ChartOptions } from 'chart.js';
import Annotation from 'chartjs-plugin-annotation';
import { formatCount } from '../../src/protocol/format';
import type { Palette } from '../theme';
import type { ChartSpec } from './chartSpec';
import { logMarks } from './logMarks';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Filler, Tooltip, Annotation);

const fontSize = 11;

export function chartOptions(spec: ChartSpec, palette: Palette): ChartOptions<'line'> {
  const font = { size: fontSize, family: palette.fontFamily };
  const ticks = { color: palette.muted, font, maxRotation: 0, minRotation: 0, padding: 6 };
  const grid = { color: palette.grid, drawTicks: false };
  return {
    responsive: true, maintainAspectRatio: false, animation: false, parsing: false, normalized: true,
    interaction: { mode: 'index', intersect: false, axis: 'x' },
    layout: { padding: { top: 6, right: 2 } },
    elements: { line: { borderWidth: 1.5, borderJoinStyle: 'bevel' }, point: { radius: 0, hitRadius: 6, hoverRadius: 3 } },
    scales: {
      x: {
        type: 'linear', min: 0, border: { color: palette.grid }, grid: { ...grid, display: false },
        ticks: { ...ticks, precision: 0, maxTicksLimit: 9, callback: value => formatCount(Number(value)) },
      },
      y: {
        type: spec.scaleType, stacked: spec.stacked, border: { display: false }, grid,
        ticks: { ...ticks, maxTicksLimit: 9, callback: value => spec.mark(Number(value)) },
        afterBuildTicks: axis => { if (spec.scaleType === 'logarithmic') axis.ticks = logMarks(axis.min, axis.max).map(value => ({ value })); },
      },
    },
    plugins: { tooltip: tooltip(spec, palette), annotation: { annotations: [] } },
  };
}

function tooltip(spec: ChartSpec, palette: Palette): NonNullable<NonNullable<ChartOptions<'line'>['plugins']>['tooltip']> {
  const font = { size: fontSize, family: palette.fontFamily };
  const { background, text, border } = palette.tooltip;
  return {
    animation: false, backgroundColor: background, borderColor: border, borderWidth: 1, cornerRadius: 3, caretSize: 0, caretPadding: 10, padding: 8,
    titleColor: text, bodyColor: text, footerColor: text, titleFont: { ...font, weight: 600 }, bodyFont: font, footerFont: { ...font, weight: 600 },
    boxWidth: 8, boxHeight: 8, boxPadding: 5, multiKeyBackground: 'transparent',
    // Read downwards, the words are in the order of the stack.
    itemSort: (a, b) => spec.stacked ? b.datasetIndex - a.datasetIndex : a.datasetIndex - b.datasetIndex,
    filter: ({ dataset }) => dataset.label !== undefined,
    callbacks: {
      title: ([item]) => item === undefined ? '' : `Step ${formatCount(item.parsed.x ?? 0)}`,
      label: ({ dataset, parsed }) => `${dataset.label ?? ''}  ${spec.format(parsed.y ?? 0)}`,
      // The color of the border even where none is drawn: a hatched fill is no color.
      labelColor: ({ dataset }) => ({ borderColor: 'transparent', borderWidth: 0, backgroundColor: dataset.borderColor as string }),
      footer: items => spec.stacked ? `Peak  ${spec.format(items.reduce((sum, { parsed }) => sum + (parsed.y ?? 0), 0))}` : '',
    },
  };
}
