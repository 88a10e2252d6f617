/** Draws the areas of a treemap: categories with their names, layers with a frame, buffers with a hairline between them. */
import { formatBytes } from '../../../src/protocol/format';
import type { StepSnapshot } from '../../../src/protocol/snapshot/stepSnapshot';
import { hasTitle, type Area } from '../../../src/protocol/snapshot/treemap';
import type { Palette } from '../../theme';
import { fillsOf, isHatched } from '../fills';
import { areaWords, categoryOf, labelOf } from '../words';

export const titleHeight = 18;
const fontSize = 11;
/** Smaller areas have no words. */
const leastWords = { width: 44, height: 15 };

export function drawTreemap(context: CanvasRenderingContext2D, areas: readonly Area[], snapshot: StepSnapshot, palette: Palette): void {
  const fills = fillsOf(palette);
  context.font = `${fontSize}px ${palette.fontFamily}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  for (const area of areas) {
    const { level, x, y, width, height, layer } = area;
    const category = categoryOf(area.category);
    if (level === 'category' && hasTitle(area, titleHeight)) drawWords(context, `${labelOf(area.category)}  ${formatBytes(area.bytes)}`, { x, y, width, height: titleHeight }, palette.text);
    // What has no areas in it is filled; what has, shows only between them.
    if (level === 'buffer' || (level === 'layer' && layer === undefined)) {
      context.fillStyle = fills[category];
      context.fillRect(x, y, Math.max(0.5, width - 0.6), Math.max(0.5, height - 0.6));
    }
  }
  // Words last, over whatever they are of.
  for (const area of areas) {
    if (area.level !== 'layer') continue;
    const category = categoryOf(area.category);
    const name = area.layer === undefined ? areaWords(snapshot, area) : snapshot.texts[area.layer] ?? '';
    if (name === '') continue;
    const isPlain = !isHatched(category, palette);
    drawWords(context, name, area, isPlain ? inkOn(palette.categories[category]) : palette.text, isPlain ? undefined : palette.background);
  }
}

export function outline(context: CanvasRenderingContext2D, { x, y, width, height }: Area, palette: Palette): void {
  for (const [color, line] of [[palette.background, 4], [palette.text, 2]] as const) {
    context.strokeStyle = color;
    context.lineWidth = line;
    context.strokeRect(x + 1, y + 1, Math.max(1, width - 2), Math.max(1, height - 2));
  }
}

function drawWords(context: CanvasRenderingContext2D, words: string, place: Pick<Area, 'x' | 'y' | 'width' | 'height'>, color: string, ground?: string): void {
  if (place.width < leastWords.width || place.height < leastWords.height) return;
  const room = place.width - 8;
  const text = shortened(context, words, room);
  if (text === '') return;
  if (ground !== undefined) {
    context.fillStyle = ground;
    context.fillRect(place.x + 2, place.y + 2, context.measureText(text).width + 6, fontSize + 3);
  }
  context.fillStyle = color;
  context.fillText(text, place.x + 4, place.y + 9);
}

/** The end of a name says most: `…/unit1/conv1`. */
function shortened(context: CanvasRenderingContext2D, words: string, room: number): string {
  if (context.measureText(words).width <= room) return words;
  // Measuring costs most: half of what is in question is left out each time.
  let [low, high] = [1, words.length - 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (context.measureText(`…${words.slice(middle)}`).width <= room) high = middle;
    else low = middle + 1;
  }
  const rest = `…${words.slice(low)}`;
  if (words.length > 3 && context.measureText(rest).width <= room) return rest;
  return '';
}

/** Black or white, whichever stands out more from a colour written `rgb(r, g, b)`: by relative luminance, as WCAG 2 counts contrast. */
export function inkOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(value => {
    const part = Number(value) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luminance > 0.179 ? '#000000' : '#ffffff';
}
