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
  /** Text of the layer; absent for a category, and for layers that are too small to see one by one. */
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
  /** The smallest area of a layer or a buffer that is drawn by itself. */
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
    for (const [{ name: layer, bytes: own, buffers }, room] of squarify(visible(group.layers, bytes, inside, space.least), inside)) {
      areas.push({ ...room, level: 'layer', category, bytes: own, count: buffers.length, ...(layer === undefined ? {} : { layer }) });
      if (layer === undefined) continue;
      const [only] = buffers;
      if (buffers.length === 1 && only !== undefined) {
        areas.push({ ...inset(room, gap, gap), level: 'buffer', category, layer, buffer: only, bytes: own, count: 1 });
        continue;
      }
      const each = buffers.map(buffer => ({ name: buffer, buffers: [buffer], bytes: instant.lives.snapshot.buffers.bytes[buffer] ?? 0 }));
      for (const [{ name: buffer, ...rest }, place] of squarify(visible(each, own, room, space.least), inset(room, gap, gap))) {
        areas.push({ ...place, level: 'buffer', category, layer, bytes: rest.bytes, count: rest.buffers.length, ...(buffer === undefined ? {} : { buffer }) });
      }
    }
  }
  return areas;
}

/** A layer, or a buffer, by its number. */
interface Group { readonly name: number | undefined; readonly bytes: number; readonly buffers: readonly number[] }
interface CategoryGroup { readonly category: number; bytes: number; count: number; readonly layers: readonly Group[] }

function grouped({ lives: { snapshot: { buffers } }, alive, category }: Instant): CategoryGroup[] {
  const found = new Map<number, { bytes: number; count: number; layers: Map<number, { name: number; bytes: number; buffers: number[] }> }>();
  for (const buffer of alive) {
    const [of, bytes, layer] = [category[buffer] ?? 0, buffers.bytes[buffer] ?? 0, buffers.layer[buffer] ?? 0];
    if (bytes === 0) continue;
    const group = found.get(of) ?? { bytes: 0, count: 0, layers: new Map<number, { name: number; bytes: number; buffers: number[] }>() };
    const inner = group.layers.get(layer) ?? { name: layer, bytes: 0, buffers: [] };
    inner.buffers.push(buffer);
    inner.bytes += bytes;
    group.bytes += bytes;
    group.count++;
    group.layers.set(layer, inner);
    found.set(of, group);
  }
  return [...found].map(([of, { bytes, count, layers }]) => ({ category: of, bytes, count, layers: [...layers.values()] }));
}

/** Those that are large enough to see, and the others as one without a name. */
function visible(items: readonly Group[], bytes: number, { width, height }: Rectangle, least: number): readonly Group[] {
  const smallest = least * bytes / Math.max(1, width * height);
  const hidden = items.filter(item => item.bytes < smallest);
  if (hidden.length === 0) return items;
  return [...items.filter(item => item.bytes >= smallest), { name: undefined, bytes: hidden.reduce((sum, item) => sum + item.bytes, 0), buffers: hidden.flatMap(item => item.buffers) }];
}

function inset({ x, y, width, height }: Rectangle, gap: number, top: number): Rectangle {
  return { x: x + gap, y: y + top, width: Math.max(0, width - 2 * gap), height: Math.max(0, height - top - gap) };
}
