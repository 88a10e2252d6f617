/** The pictures of a step snapshot: live bytes over the step, and what lives at its peak by category, by layer and as areas. */
import { formatBytes, formatCount } from '../../protocol/format';
import { categoryLabels, phaseLabels } from '../../protocol/labels';
import { categories } from '../../protocol/samples';
import { instantAt } from '../../protocol/snapshot/instant';
import type { Lives } from '../../protocol/snapshot/lives';
import { peakEvent } from '../../protocol/snapshot/peak';
import { phaseStretches } from '../../protocol/snapshot/phaseStretches';
import { rank } from '../../protocol/snapshot/ranking';
import { Timeline } from '../../protocol/snapshot/timeline';
import { linearAxis } from '../plots/axes';
import { rectangle, stroke, words, type Place, type Scene, type Shape } from '../pictures/scene';
import { barChart } from './bars';
import { chart, frame, shortened } from './chart';
import { byteAxis } from './chartAxes';
import { categoryColors, ink, phaseColors } from './colors';
import { treemapChart } from './treemapChart';

const columnCount = 640;
const mostLayers = 14;
/** Height of the band of phases, at the top of the frame; the peak is named beneath it. */
const band = 16;

export function snapshotCharts(lives: Lives): ReadonlyMap<string, Scene> {
  const charts = new Map<string, Scene>();
  if (lives.last < lives.first) return charts;
  const peak = instantAt(lives, peakEvent(lives));
  charts.set('live', liveChart(lives));
  const { about, texts } = lives.snapshot;
  const what = `${about.model} on ${about.backend}, step ${about.step}; peak ${formatBytes(peak.total)}, in the ${phaseLabels[peak.phase]}`;
  charts.set('breakdown', barChart('What lives at the peak', what, categories.map(category => ({ label: categoryLabels[category], bytes: peak.bytes[category], color: categoryColors[category] })), peak.total));
  charts.set('treemap', treemapChart(peak, what));
  const rows = rank(peak, 'layer').slice(0, mostLayers);
  charts.set('layers', barChart('What lives at the peak, by layer', what, rows.map(({ key, bytes, largest }) => ({
    label: shortened(key === 0 ? '(no layer)' : texts[key] ?? '', 24), bytes, color: categoryColors[categories[peak.category[largest] ?? 0] ?? 'unattributed'],
  })), peak.total));
  return charts;
}

/** Across are the events one by one, as in the view of the editor: time would leave most of the picture to a few slow kernels. */
function liveChart(lives: Lives): Scene {
  const timeline = new Timeline(lives);
  const [from, to] = timeline.range('event');
  const count = Math.min(columnCount, to - from);
  const columns = timeline.columns(from, to, count, 'event');
  const { about } = lives.snapshot;
  const x = linearAxis('Allocations and releases, in order', 0, to - from, frame.left, frame.right);
  const peak = peakEvent(lives);
  const y = byteAxis('Live bytes', timeline.totalAt(peak), frame.bottom, frame.top + 2 * band);
  const edges = Array.from({ length: count }, (_, column) => [x.at((to - from) * column / count), x.at((to - from) * (column + 1) / count)] as const);
  let floor = new Float64Array(count);
  const present = categories.flatMap((category, number) => columns.bytes.some((bytes, at) => at % categories.length === number && bytes > 0) ? [{ category, number }] : []);
  const areas = present.map(({ category, number }): Shape => {
    const top = floor.map((bytes, column) => bytes + (columns.bytes[column * categories.length + number] ?? 0));
    const along = (heights: Float64Array) => edges.flatMap(([left, right], column): Place[] => [[left, y.at(heights[column] ?? 0)], [right, y.at(heights[column] ?? 0)]]);
    const area: Shape = { kind: 'area', fill: categoryColors[category], points: [...along(top), ...along(floor).reverse()], about: categoryLabels[category] };
    floor = top;
    return area;
  });
  const stretches = phaseStretches(lives).flatMap(({ phase, from: start, to: end }): Shape[] => {
    const [left, right] = [x.at(start - from), x.at(end - from)];
    const wide = right - left > 52 ? [words(phase, [(left + right) / 2, frame.top + band - 4], '#ffffff', { size: 11, anchor: 'middle', bold: true })] : [];
    return [rectangle(left, frame.top, right - left, band, phaseColors[phase], phaseLabels[phase]), ...wide];
  });
  const at: Place = [x.at(peak - from + 0.5), y.at(timeline.totalAt(peak))];
  const instant = instantAt(lives, peak);
  const mark = [stroke([[at[0], frame.top + band], [at[0], frame.bottom]], ink, 1.2, [3, 3]), words(`peak ${formatBytes(instant.total)}`, [at[0] + (at[0] > 600 ? -6 : 6), frame.top + 2 * band], ink, { anchor: at[0] > 600 ? 'end' : 'start' })];
  return chart({
    title: 'Live bytes over a step', subtitle: `${about.model} on ${about.backend}, step ${about.step}, ${formatCount(about.examples)} examples; ${formatCount(lives.last + 1)} events`,
    description: `Live bytes after every allocation and release of one step, stacked by category. The peak is ${formatBytes(instant.total)}, in the ${phaseLabels[instant.phase]}.`,
    x, y, yMark: y.mark, content: [...areas, ...stretches, ...mark],
    legend: present.toReversed().map(({ category }) => ({ label: categoryLabels[category], color: categoryColors[category], shape: 'box', value: formatBytes(instant.bytes[category]) })),
  });
}
