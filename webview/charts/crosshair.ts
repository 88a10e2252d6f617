/** One cursor for all charts: the step under the pointer is marked on every one of them. */
import type { Chart, Plugin } from 'chart.js';

const charts = new Set<Chart>();
let hovered: number | undefined;

export function crosshair(color: string): Plugin<'line'> {
  return {
    id: 'crosshair',
    afterInit: chart => { charts.add(chart); },
    afterDestroy: chart => { charts.delete(chart); },
    afterEvent: (chart, { event, inChartArea }) => {
      const step = inChartArea && event.type === 'mousemove' && event.x !== null ? chart.scales['x']?.getValueForPixel(event.x) : undefined;
      if (step === hovered) return;
      hovered = step;
      for (const other of charts) other.draw();
    },
    afterDatasetsDraw: ({ ctx, chartArea, scales: { x } }) => {
      if (hovered === undefined || x === undefined || hovered < x.min || hovered > x.max) return;
      const place = Math.round(x.getPixelForValue(hovered)) + 0.5;
      ctx.save();
      ctx.strokeStyle = color;
      ctx.beginPath();
      ctx.moveTo(place, chartArea.top);
      ctx.lineTo(place, chartArea.bottom);
      ctx.stroke();
      ctx.restore();
    },
  };
}
