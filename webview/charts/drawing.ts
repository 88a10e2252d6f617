/** The picture of a chart: chart.js fed from a spec. */
import { Chart } from 'chart.js';
import Annotation from 'chartjs-plugin-annotation';
import { setAttribute } from '../dom';
import type { View } from '../store';
import type { Palette } from '../theme';
import { alarmMarks, limitLine } from './alarmMarks';
import { chartOptions } from './chartDefaults';
import type { ChartSpec, Place } from './chartSpec';
import { crosshair } from './crosshair';
import { markers } from './markers';

export type Drawing = Chart<'line', Place[]>;

export function createDrawing(spec: ChartSpec, canvas: HTMLCanvasElement, palette: Palette): Drawing {
  return new Chart<'line', Place[]>(canvas, {
    type: 'line', data: { datasets: spec.lines(palette) }, plugins: [crosshair(palette.muted)], options: chartOptions(spec, palette),
  });
}

/** Swaps the data, the ends of the axes and the marks; says on the canvas what it drew, for tests. */
export function draw(chart: Drawing, spec: ChartSpec, view: View, palette: Palette): void {
  spec.fill(chart.data.datasets, view);
  const { x, y } = chart.options.scales ?? {};
  const { min, max, stepSize } = spec.range(view);
  if (x !== undefined) x.max = Math.max(1, view.state.step);
  if (y !== undefined) Object.assign(y, { min, max });
  if (y?.type === 'linear' && y.ticks !== undefined && stepSize !== undefined) Object.assign(y.ticks, { stepSize });
  const annotation = chart.options.plugins?.annotation;
  const limit = spec.limit?.(view);
  if (annotation) {
    annotation.annotations = [
      ...(limit === undefined ? [] : [limitLine(limit.value, limit.named, palette)]),
      ...markers(view.state.changes, view.state.step, spec, palette), ...alarmMarks(view.state.alarms, spec, palette),
    ];
  }
  chart.update('none');
  setAttribute(chart.canvas, 'data-markers', Annotation.getAnnotations(chart).length);
  setAttribute(chart.canvas, 'data-points', view.points.length);
}
