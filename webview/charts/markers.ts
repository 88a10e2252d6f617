/** Vertical marks on every chart where a change took effect, labelled with the new value. */
import type { Chart } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import type { AppliedEvent } from '../../src/protocol/runEvents';
import type { KnobName } from '../../src/settings/knobs';
import { formatSetting } from '../format';
import { knobWord } from '../labels';
import type { Palette } from '../theme';
import type { ChartSpec } from './chartSpec';

/** Heights at which labels take turns when their marks are near each other, so that none hides its neighbour. */
const lanes = 3;
const laneHeight = 18;
/** Marks nearer than this share of the axis are neighbours. */
const nearShare = 0.3;
const labelPadding = 4;
/** With more marks than this, labels give way to the revision's number. */
const labelled = 9;

/** `density 0.25 %` */
export function describeChange({ to }: Pick<AppliedEvent, 'to'>): string {
  return Object.entries(to).map(([name, value]) => `${knobWord(name as KnobName)} ${formatSetting(name as KnobName, value)}`).join(', ');
}

/** `step`: the end of the axis. */
export function markers(changes: readonly AppliedEvent[], step: number, { markersAt: at, numbersOnly }: Pick<ChartSpec, 'markersAt' | 'numbersOnly'>, palette: Palette): AnnotationOptions[] {
  const short = numbersOnly === true || changes.length > labelled;
  const lane = lanesOf(changes.map(change => change.step), step * (numbersOnly === true ? nearShare / 2 : nearShare));
  return changes.map((change, index) => {
    const label = short ? `#${change.revision}` : describeChange(change);
    return marker(change.step, label, (lane[index] ?? 0) * laneHeight, at, palette);
  });
}

/** A mark far from the one before it starts again in the first lane. */
export function lanesOf(steps: readonly number[], near: number): number[] {
  const taken: number[] = [];
  steps.forEach((step, index) => taken.push(index > 0 && step - (steps[index - 1] ?? 0) < near ? ((taken[index - 1] ?? 0) + 1) % lanes : 0));
  return taken;
}

function marker(step: number, content: string, offset: number, at: 'top' | 'bottom', palette: Palette): AnnotationOptions<'line'> {
  const font = { size: 11, family: palette.fontFamily, weight: 'normal' as const };
  return {
    type: 'line', scaleID: 'x', value: step, borderColor: palette.marker, borderWidth: 1, borderDash: [3, 3],
    label: {
      // Above all lines: the neighbours' and the cursor.
      drawTime: 'afterDraw', display: true, content, font, color: palette.text, backgroundColor: palette.background,
      borderColor: palette.control, borderWidth: 1, borderRadius: 2, padding: { x: labelPadding, y: 2 },
      position: at === 'top' ? 'start' : 'end', yAdjust: at === 'top' ? offset : -offset,
      xAdjust: ({ chart }) => besideLine(chart, step, content, `${font.size}px ${font.family}`),
    },
  };
}

/** Right of the line, or left of it where the chart ends. */
function besideLine(chart: Chart, step: number, content: string, font: string): number {
  const scale = chart.scales['x'];
  if (scale === undefined) return 0;
  chart.ctx.save();
  chart.ctx.font = font;
  const half = chart.ctx.measureText(content).width / 2 + labelPadding + 3;
  chart.ctx.restore();
  return scale.getPixelForValue(step) + 2 * half > chart.chartArea.right ? -half : half;
}
