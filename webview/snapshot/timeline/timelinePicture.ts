/** Draws live bytes by category over a stretch of a step: phases above, categories stacked; the peak marked, above what follows the pointer. */
import { formatCount } from '../../../src/protocol/format';
import { categories } from '../../../src/protocol/samples';
import type { Columns, Scale } from '../../../src/protocol/snapshot/timeline';
import { byteMarkDistance } from '../../charts/byteMarks';
import { formatByteMark } from '../../format';
import { phaseLabels } from '../../labels';
import type { Palette } from '../../theme';
import { fillsOf } from '../fills';
import type { Reading } from '../reading';
import { formatTime } from '../words';
import { niceMarks } from './niceMarks';
import type { Stretch } from './timelineWindow';

const fontSize = 11;

/** Where the plot lies in its canvas, and what it shows. */
export interface Plot {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Bytes at its upper edge. */
  readonly most: number;
  readonly view: Stretch;
  readonly scale: Scale;
}

const margin = { left: 64, top: 42, right: 8, bottom: 24 };
const stripHeight = 18;
/** Narrower, a phase is a line, or nothing. */
const leastLabel = 34;

/** `peakBytes` is the top of what is compared: two pictures side by side have one scale. */
export function plotOf(width: number, height: number, peakBytes: number, view: Stretch, scale: Scale): Plot {
  const distance = byteMarkDistance(Math.max(1, peakBytes), 5);
  const most = Math.max(peakBytes * 1.04, Math.ceil(peakBytes / distance) * distance, 1);
  return { left: margin.left, top: margin.top, width: Math.max(1, width - margin.left - margin.right), height: Math.max(1, height - margin.top - margin.bottom), most, view, scale };
}

export function placeToX({ left, width, view: { from, to } }: Plot, place: number): number {
  return left + (to === from ? 0 : (place - from) / (to - from)) * width;
}

export function xToPlace({ left, width, view: { from, to } }: Plot, x: number): number {
  return from + Math.max(0, Math.min(1, (x - left) / width)) * (to - from);
}

export function bytesToY({ top, height, most }: Plot, bytes: number): number {
  return top + height * (1 - bytes / most);
}

export function drawTimeline(context: CanvasRenderingContext2D, plot: Plot, columns: Columns, reading: Reading, palette: Palette): void {
  setFont(context, palette);
  drawByteMarks(context, plot, palette);
  drawAreas(context, plot, columns, palette);
  drawPlaceMarks(context, plot, palette);
  drawPhases(context, plot, reading, palette);
}

function setFont(context: CanvasRenderingContext2D, { fontFamily }: Palette): void {
  context.font = `${fontSize}px ${fontFamily}`;
  context.textBaseline = 'middle';
}

function drawByteMarks(context: CanvasRenderingContext2D, plot: Plot, palette: Palette): void {
  const distance = byteMarkDistance(plot.most, 5);
  context.textAlign = 'right';
  for (let bytes = 0; bytes <= plot.most * 1.001; bytes += distance) {
    const y = Math.round(bytesToY(plot, bytes)) + 0.5;
    context.fillStyle = palette.grid;
    context.fillRect(plot.left, y - 0.5, plot.width, 1);
    context.fillStyle = palette.muted;
    context.fillText(formatByteMark(bytes), plot.left - 8, y);
  }
}

function drawAreas(context: CanvasRenderingContext2D, plot: Plot, { bytes, total }: Columns, palette: Palette): void {
  const fills = fillsOf(palette);
  const step = plot.width / Math.max(1, total.length);
  const lower = new Float64Array(total.length);
  const upper = new Float64Array(total.length);
  categories.forEach((category, number) => {
    let any = false;
    for (let column = 0; column < total.length; column++) {
      const own = bytes[column * categories.length + number] ?? 0;
      any ||= own > 0;
      upper[column] = (lower[column] ?? 0) + own;
    }
    if (!any) return;
    context.fillStyle = fills[category];
    context.beginPath();
    context.moveTo(plot.left, bytesToY(plot, lower[0] ?? 0));
    for (let column = 0; column < total.length; column++) level(context, plot, column, step, upper[column] ?? 0, 1);
    for (let column = total.length - 1; column >= 0; column--) level(context, plot, column, step, lower[column] ?? 0, -1);
    context.fill();
    lower.set(upper);
  });
}

/** A level stretch over one column: bytes hold until the next event. */
function level(context: CanvasRenderingContext2D, plot: Plot, column: number, step: number, bytes: number, direction: 1 | -1): void {
  const [start, end, y] = [plot.left + column * step, plot.left + (column + 1) * step, bytesToY(plot, bytes)];
  context.lineTo(direction === 1 ? start : end, y);
  context.lineTo(direction === 1 ? end : start, y);
}

function drawPlaceMarks(context: CanvasRenderingContext2D, plot: Plot, palette: Palette): void {
  const { view: { from, to }, scale } = plot;
  const marks = niceMarks(from, to, Math.floor(plot.width / 90), scale === 'event' ? 1 : 0);
  const y = plot.top + plot.height;
  context.textAlign = 'center';
  for (const mark of marks) {
    const x = placeToX(plot, mark);
    context.fillStyle = palette.muted;
    context.fillRect(Math.round(x), y, 1, 4);
    const text = scale === 'event' ? formatCount(mark) : formatTime(mark);
    const half = context.measureText(text).width / 2;
    context.fillText(text, Math.min(Math.max(x, plot.left + half), plot.left + plot.width - half), y + 14);
  }
}

function drawPhases(context: CanvasRenderingContext2D, plot: Plot, { stretches, timeline }: Reading, palette: Palette): void {
  const end = plot.left + plot.width;
  context.textAlign = 'center';
  let drawn = -1;
  for (const { phase, from, to } of stretches) {
    const start = Math.max(plot.left, placeToX(plot, timeline.placeOf(from, plot.scale)));
    const stop = Math.min(end, placeToX(plot, plot.scale === 'event' ? to : timeline.placeOf(Math.min(to, timeline.lives.last), plot.scale)));
    if (stop <= plot.left || start >= end || stop - Math.max(start, drawn) < 1) continue;
    context.fillStyle = palette.grid;
    context.fillRect(start, 2, Math.max(1, stop - start - 1), stripHeight);
    // The same boundary runs through the picture.
    if (start > plot.left + 1) context.fillRect(Math.round(start), stripHeight + 2, 1, plot.top + plot.height - stripHeight - 2);
    const text = phaseLabels[phase];
    if (stop - start >= Math.max(leastLabel, context.measureText(text).width + 8)) {
      context.fillStyle = palette.text;
      context.fillText(text, (start + stop) / 2, 2 + stripHeight / 2);
    }
    drawn = stop;
  }
}

/** Above the line of the chosen instant, which is often this one. */
export function drawPeak(context: CanvasRenderingContext2D, plot: Plot, { peak, timeline }: Reading, palette: Palette): void {
  const place = timeline.placeOf(peak.event, plot.scale);
  if (peak.event < 0 || place < plot.view.from || place > plot.view.to) return;
  const [x, y] = [placeToX(plot, place), bytesToY(plot, peak.total)];
  setFont(context, palette);
  context.fillStyle = palette.text;
  context.beginPath();
  context.moveTo(x, y - 1);
  context.lineTo(x - 5, y - 8);
  context.lineTo(x + 5, y - 8);
  context.fill();
  const text = `peak ${formatByteMark(peak.total)}`;
  const width = context.measureText(text).width;
  const left = x + 9 + width > plot.left + plot.width;
  const at = left ? x - 9 - width : x + 9;
  // On a ground of its own, since it may lie over the stack.
  context.fillStyle = palette.background;
  context.fillRect(at - 3, y - 15, width + 6, 14);
  context.fillStyle = palette.text;
  context.textAlign = 'left';
  context.fillText(text, at, y - 8);
}
