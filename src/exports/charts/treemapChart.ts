/** What lives at an instant as areas, as in the view of the editor: categories, in them layers, in these buffers. */
import { formatBytes } from '../../protocol/format';
import { categoryLabels } from '../../protocol/labels';
import { categories } from '../../protocol/samples';
import type { Instant } from '../../protocol/snapshot/instant';
import { nameOf } from '../../protocol/snapshot/ranking';
import { treemap, type Area } from '../../protocol/snapshot/treemap';
import { rectangle, words, type Scene, type Shape } from '../pictures/scene';
import { lettering } from '../pictures/strokeFont';
import { heading } from './chart';
import { categoryColors, ink } from './colors';

const [width, height, margin, top] = [980, 640, 16, 64];
const [titleHeight, fontSize] = [18, 11];
/** The smallest area that is drawn by itself, in pixels of the drawing: a picture of a million buffers stays small. */
const least = 120;
/** Smaller areas have no words. */
const leastWords = { width: 44, height: 15 };

export function treemapChart(instant: Instant, subtitle: string): Scene {
  const areas = treemap(instant, { width: width - 2 * margin, height: height - top - margin, title: titleHeight, gap: 1, least });
  const placed = areas.map(area => ({ ...area, x: area.x + margin, y: area.y + top }));
  const title = 'What lives at the peak, as areas';
  return {
    width, height, title: `${title}: ${subtitle}`,
    description: `${placed.filter(({ level }) => level === 'category').map(area => `${labelOf(area)} ${formatBytes(area.bytes)}`).join(', ')}.`,
    shapes: [...heading(title, subtitle), ...placed.flatMap(area => filled(area, instant)), ...placed.flatMap(area => named(area, instant))],
  };
}

function labelOf({ category }: Area): string {
  return categoryLabels[categories[category] ?? 'unattributed'];
}

/** What has no areas in it is filled; what has, shows only between them. */
function filled(area: Area, { lives: { snapshot } }: Instant): Shape[] {
  const { level, layer, buffer, x, y, bytes, count } = area;
  if (level === 'category' || (level === 'layer' && layer !== undefined)) return [];
  const what = buffer === undefined ? `${count} small buffers` : nameOf(snapshot, 'buffer', buffer);
  return [rectangle(x, y, Math.max(0.5, area.width - 0.6), Math.max(0.5, area.height - 0.6), colorOf(area), `${labelOf(area)}: ${what}, ${formatBytes(bytes)}`)];
}

/** Words stand over whatever they are of. */
function named(area: Area, { lives: { snapshot: { texts } } }: Instant): Shape[] {
  const { level, layer, x, y, bytes } = area;
  if (level === 'category') return area.height > 3 * titleHeight ? written([`${labelOf(area)}  ${formatBytes(bytes)}`, labelOf(area)], { ...area, height: titleHeight }, ink, [x + 2, y + 13]) : [];
  const name = level === 'layer' && layer !== undefined ? texts[layer] ?? '' : '';
  return name === '' ? [] : written(endings(name), area, inkOn(colorOf(area)), [x + 4, y + 13]);
}

function colorOf({ category }: Area): string {
  return categoryColors[categories[category] ?? 'unattributed'];
}

/** The end of a name says most: `…/unit1/conv1`. */
function endings(name: string): string[] {
  return [name, ...Array.from({ length: Math.max(0, name.length - 3) }, (_, from) => `\u2026${name.slice(from + 1)}`)];
}

/** The first of the texts for which there is room. */
function written(texts: readonly string[], room: Pick<Area, 'width' | 'height'>, color: string, at: readonly [number, number]): Shape[] {
  if (room.width < leastWords.width || room.height < leastWords.height) return [];
  const shown = texts.find(text => lettering(text, fontSize).width <= room.width - 8);
  return shown === undefined ? [] : [words(shown, at, color, { size: fontSize })];
}

/** Black or white, whichever stands out more, by relative luminance as WCAG 2 counts contrast. */
function inkOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff';
}
