/** Peak bytes per step by category, stacked: the top of the stack is the peak that the step had to fit. */
import { formatBytes, formatCount } from '../../src/protocol/format';
import { categories, type Category } from '../../src/protocol/samples';
import { formatByteMark, shortest } from '../format';
import { categoryLabels, phaseLabels } from '../labels';
import type { View } from '../store';
import { byteMarkDistance } from './byteMarks';
import type { ChartSpec } from './chartSpec';
import { hatching } from './hatching';

/** Categories that are hatched in high contrast: the lighter one of those with the same hue. */
const hatchedCategories: ReadonlySet<Category> = new Set<Category>(['gradients', 'activationGradients', 'workspace']);
const marks = 7;
/** Free height above the stack, for the labels of changes. */
const headroom = 1.2;

export const memoryChart: ChartSpec = {
  name: 'memory',
  title: 'Memory per step',
  caption: 'peak live bytes by category',
  scaleType: 'linear',
  stacked: true,
  format: formatBytes,
  mark: formatByteMark,
  markersAt: 'top',
  lines: palette => categories.map((category, index) => {
    const color = palette.categories[category];
    const backgroundColor = palette.hatched && hatchedCategories.has(category) ? hatching(color, palette.background) : color;
    const fill = index === 0 ? 'origin' : '-1';
    return { label: categoryLabels[category], data: [], backgroundColor, borderColor: color, borderWidth: 0, pointHoverRadius: 0, fill };
  }),
  fill: (lines, { points }) => categories.forEach((category, index) => {
    const line = lines[index];
    if (line !== undefined) line.data = points.map(({ step, memory }) => ({ x: step, y: memory.bytesAtPeak[category] }));
  }),
  range: ({ state }) => {
    const peak = state.peak?.peakBytes ?? 1;
    const budget = budgetOf(state) ?? 0;
    // A budget that is far away would press the curves to the ground.
    const top = Math.max(peak, budget <= 2 * peak ? budget : 0) * headroom;
    const stepSize = byteMarkDistance(top, marks);
    return { min: 0, max: Math.ceil(top / stepSize) * stepSize, stepSize };
  },
  limit: ({ state }) => {
    const value = budgetOf(state);
    return value === undefined ? undefined : { value, named: `budget ${shortest(value / 1e6)} MB` };
  },
  legend: () => [],
  summary: ({ state: { latest, peak } }) => latest === undefined || peak === undefined ? 'No step yet.'
    : `At step ${formatCount(latest.step)} the peak is ${formatBytes(latest.memory.peakBytes)}, most of it ${largest(latest.memory.bytesAtPeak)}. `
    + `The highest peak of the run is ${formatBytes(peak.peakBytes)}, in the ${phaseLabels[peak.peakPhase]}.`,
  table: ({ points }) => ({
    columns: ['Step', 'Peak', ...categories.map(category => categoryLabels[category])],
    rows: points.toReversed().map(({ step, memory }) => [
      formatCount(step), formatBytes(memory.peakBytes), ...categories.map(category => formatBytes(memory.bytesAtPeak[category])),
    ]),
  }),
};

function budgetOf({ settings: { memoryBudget } }: View['state']): number | undefined {
  return memoryBudget === null ? undefined : 1e6 * memoryBudget;
}

function largest(bytes: View['points'][number]['memory']['bytesAtPeak']): string {
  const most = categories.reduce((best, category) => bytes[category] > bytes[best] ? category : best);
  return `${categoryLabels[most].toLowerCase()} with ${formatBytes(bytes[most])}`;
}
