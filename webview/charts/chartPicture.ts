/** A chart as a PNG for elsewhere: twice as fine as the screen's pixels of old, with its background, title, caption and legend. */
import type { Chart } from 'chart.js';
import type { Palette } from '../theme';
import type { ChartSpec, Place } from './chartSpec';

const ratio = 2;
const margin = 14;
const [titleHeight, legendHeight] = [26, 20];

/** In base64, without what a data address begins with. */
export function chartPicture<Point extends Place>(drawing: Chart<'line', Point[]>, { title, caption }: Pick<ChartSpec, 'title' | 'caption'>, palette: Palette): string {
  const labelled = drawing.data.datasets.flatMap(({ label, borderColor, backgroundColor, borderDash }) => label === undefined ? [] : [{ label, color: borderColor, fill: backgroundColor, dashes: borderDash }]);
  const { width, height } = drawing;
  const picture = document.createElement('canvas');
  const context = picture.getContext('2d');
  if (context === null) throw new Error('This browser draws no pictures.');
  context.font = `12px ${palette.fontFamily}`;
  const legend = placed(labelled, label => context.measureText(label).width, width);
  const top = margin + titleHeight + legend.rows * legendHeight;
  picture.width = ratio * (width + 2 * margin);
  picture.height = ratio * (top + height + margin);
  context.scale(ratio, ratio);
  context.fillStyle = palette.background;
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = palette.text;
  context.font = `600 14px ${palette.fontFamily}`;
  context.fillText(title, margin, margin + 12);
  const captionAt = margin + context.measureText(title).width + 10;
  context.font = `12px ${palette.fontFamily}`;
  context.fillStyle = palette.muted;
  context.fillText(caption, captionAt, margin + 12);
  legend.entries.forEach(({ entry: { label, color, fill, dashes }, x, row }) => {
    const y = margin + titleHeight + row * legendHeight;
    const isArea = dashes === undefined && fill !== color;
    context.fillStyle = (isArea ? fill : color) as string;
    context.fillRect(margin + x, y + (isArea || dashes === undefined ? 0 : 4), 10, dashes === undefined ? 10 : 2);
    context.fillStyle = palette.text;
    context.fillText(label, margin + x + 16, y + 9);
  });
  context.drawImage(redrawn(drawing), margin, top, width, height);
  return picture.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}

/** The canvas at the ratio of the picture; the screen gets its own back before it is shown again. */
function redrawn<Point extends Place>(drawing: Chart<'line', Point[]>): HTMLCanvasElement {
  const copy = document.createElement('canvas');
  const { width, height, options, currentDevicePixelRatio } = drawing;
  options.devicePixelRatio = ratio;
  drawing.resize(width, height);
  copy.width = drawing.canvas.width;
  copy.height = drawing.canvas.height;
  copy.getContext('2d')?.drawImage(drawing.canvas, 0, 0);
  options.devicePixelRatio = currentDevicePixelRatio;
  drawing.resize(width, height);
  return copy;
}

/** Entries from left to right, on as many rows as they need. */
function placed<Entry extends { readonly label: string }>(entries: readonly Entry[], widthOf: (label: string) => number, width: number): { readonly entries: readonly { readonly entry: Entry; readonly x: number; readonly row: number }[]; readonly rows: number } {
  let [x, row] = [0, 0];
  const found = entries.map(entry => {
    const needed = 16 + widthOf(entry.label) + 18;
    if (x > 0 && x + needed > width) [x, row] = [0, row + 1];
    const place = { entry, x, row };
    x += needed;
    return place;
  });
  return { entries: found, rows: entries.length === 0 ? 0 : row + 1 };
}
