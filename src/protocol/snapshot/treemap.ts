/**
 * What lives at an instant as areas: categories, in them layers, in these buffers. Squarified, that is, each row of rectangles is as long as
 * keeps the worst of them nearest to a square (Bruls, Huizing and van Wijk, Squarified Treemaps, 2000, section 3).
 */
import type { Instant } from './instant';
import { squarify, type Rectangle } from './squarify';

export interface Area extends Rectangle {
  readonly level: 'category' | 'layer' | 'buffer';
  /** Number of the category. */
  readonly category: number;
  /** Text of the layer; absent for a category. */
  readonly layer?: number;
  /** Absent for what is more than a buffer, and for the buffers of a layer that are too small to see one by one. */
  readonly buffer?: number;
  readonly bytes: number;
  readonly count: number;
}

export interface TreemapSpace {
  readonly width: number;
  readonly height: number;
  /** What a category keeps free at its top for its name, and on all sides. */
  readonly title: number;
  readonly gap: number;
  /** The smallest area of a buffer that is drawn by itself. */
  readonly least: number;
}

/** Outer areas before those in them. */
export function treemap(instant: Instant, space: TreemapSpace): Area[] {
  const { width, height, title, gap } = space;
  const groups = grouped(instant);
  const areas: Area[] = [];
  for (const [group, place] of squarify(groups, { x: 0, y: 0, width, height })) {
    const { category, bytes, count } = group;
    areas.push({ ...place, level: 'category', category, bytes, count });
    // A title only where there is room for what it names.
    const inside = inset(place, gap, place.height > 3 * title ? title : gap);
    for (const [layer, room] of squarify(group.layers, inside)) {
      areas.push({ ...room, level: 'layer', category, layer: layer.layer, bytes: layer.bytes, count: layer.buffers.length });
      for (const [{ buffer, ...rest }, own] of squarify(visible(instant, layer, room, space.least), inset(room, gap, gap))) {
        areas.push({ ...own, level: 'buffer', category, layer: layer.layer, ...rest, ...(buffer === undefined ? {} : { buffer }) });
      }
    }
  }
  return areas;
}

interface LayerGroup { readonly layer: number; bytes: number; readonly buffers: number[] }
interface CategoryGroup { readonly category: number; bytes: number; count: number; readonly layers: readonly LayerGroup[] }

function grouped({ lives: { snapshot: { buffers } }, alive, category }: Instant): CategoryGroup[] {
  const found = new Map<number, { bytes: number; count: number; layers: Map<number, LayerGroup> }>();
  for (const buffer of alive) {
    const [of, bytes, layer] = [category[buffer] ?? 0, buffers.bytes[buffer] ?? 0, buffers.layer[buffer] ?? 0];
    if (bytes === 0) continue;
    const group = found.get(of) ?? { bytes: 0, count: 0, layers: new Map<number, LayerGroup>() };
    const inner = group.layers.get(layer) ?? { layer, bytes: 0, buffers: [] };
    inner.buffers.push(buffer);
    inner.bytes += bytes;
    group.bytes += bytes;
    group.count++;
    group.layers.set(layer, inner);
    found.set(of, group);
  }
  return [...found].map(([of, { bytes, count, layers }]) => ({ category: of, bytes, count, layers: [...layers.values()] }));
}

/** The buffers that are large enough to see, and the others as one. */
function visible({ lives: { snapshot: { buffers } } }: Instant, layer: LayerGroup, { width, height }: Rectangle, least: number): { buffer?: number; bytes: number; count: number }[] {
  const bytesPerPixel = layer.bytes / Math.max(1, width * height);
  const seen: { buffer?: number; bytes: number; count: number }[] = [];
  const others = { bytes: 0, count: 0 };
  for (const buffer of layer.buffers) {
    const bytes = buffers.bytes[buffer] ?? 0;
    if (bytes >= least * bytesPerPixel) {
      seen.push({ buffer, bytes, count: 1 });
      continue;
    }
    others.bytes += bytes;
    others.count++;
  }
  return others.count === 0 ? seen : [...seen, others];
}

function inset({ x, y, width, height }: Rectangle, gap: number, top: number): Rectangle {
  return { x: x + gap, y: y + top, width: Math.max(0, width - 2 * gap), height: Math.max(0, height - top - gap) };
}
