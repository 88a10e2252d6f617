/**
 * What lives at an instant as areas: categories, in them layers, in these buffers. Squarified, that is, each row of rectangles is as long as
 * keeps the worst of them nearest to a square (Bruls, Huizing and van Wijk, Squarified Treemaps, 2000, section 3).
 */
import { categories } from '../samples';
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

/** Outer areas before those in them. Time: two passes over the live buffers, and the sorting of what is large enough to see. */
export function treemap(instant: Instant, space: TreemapSpace): Area[] {
  const sums = sumsOf(instant);
  const placed = placeLayers(sums, space);
  const buffers = buffersOf(instant, sums, placed.flatMap(({ layers }) => layers));
  return placed.flatMap(({ area, layers }) => [area, ...layers.flatMap(layer => [layer, ...placeBuffers(instant, layer, buffers.get(keyOf(sums, layer)) ?? [], space)])]);
}

/** By category and layer, in that order. */
interface Sums { readonly layers: number; readonly bytes: Float64Array; readonly count: Uint32Array }
/** A layer, or a buffer, by its number; undefined: those that are too small. */
interface Group { readonly name: number | undefined; readonly bytes: number; readonly count: number }

function sumsOf({ lives: { snapshot: { buffers, texts } }, alive, category }: Instant): Sums {
  const layers = texts.length;
  const [bytes, count] = [new Float64Array(categories.length * layers), new Uint32Array(categories.length * layers)];
  for (const buffer of alive) {
    const key = (category[buffer] ?? 0) * layers + (buffers.layer[buffer] ?? 0);
    bytes[key] = (bytes[key] ?? 0) + (buffers.bytes[buffer] ?? 0);
    count[key] = (count[key] ?? 0) + 1;
  }
  return { layers, bytes, count };
}

function placeLayers(sums: Sums, { width, height, title, gap, least }: TreemapSpace): { area: Area; layers: Area[] }[] {
  const groups = categories.flatMap((_, category) => {
    const layers: Group[] = [];
    for (let layer = 0; layer < sums.layers; layer++) {
      const key = category * sums.layers + layer;
      if ((sums.bytes[key] ?? 0) > 0) layers.push({ name: layer, bytes: sums.bytes[key] ?? 0, count: sums.count[key] ?? 0 });
    }
    return layers.length === 0 ? [] : [{ category, layers, ...total(layers) }];
  });
  return squarify(groups, { x: 0, y: 0, width, height }).map(([{ category, layers, bytes, count }, place]) => {
    // A title only where there is room for what it names.
    const inside = inset(place, gap, place.height > 3 * title ? title : gap);
    return {
      area: { ...place, level: 'category', category, bytes, count },
      layers: squarify(visible(layers, bytes, inside, least), inside).map(([{ name, ...rest }, room]) => ({ ...room, level: 'layer', category, ...rest, ...(name === undefined ? {} : { layer: name }) })),
    };
  });
}

function keyOf({ layers }: Sums, { category, layer = 0 }: Area): number {
  return category * layers + layer;
}

/** Those of the layers that are drawn by themselves. */
function buffersOf({ lives: { snapshot: { buffers } }, alive, category }: Instant, sums: Sums, layers: readonly Area[]): Map<number, number[]> {
  const found = new Map(layers.filter(({ layer }) => layer !== undefined).map((area): [number, number[]] => [keyOf(sums, area), []]));
  for (const buffer of alive) found.get((category[buffer] ?? 0) * sums.layers + (buffers.layer[buffer] ?? 0))?.push(buffer);
  return found;
}

function placeBuffers({ lives: { snapshot: { buffers } } }: Instant, layer: Area, own: readonly number[], { gap, least }: TreemapSpace): Area[] {
  const each = own.map(name => ({ name, bytes: buffers.bytes[name] ?? 0, count: 1 })).filter(({ bytes }) => bytes > 0);
  return squarify(visible(each, layer.bytes, layer, least), inset(layer, gap, gap)).map(([{ name, bytes, count }, place]) => ({ ...layer, ...place, level: 'buffer', bytes, count, ...(name === undefined ? {} : { buffer: name }) }));
}

/** Those that are large enough to see, and the others as one without a name. */
function visible(items: readonly Group[], bytes: number, { width, height }: Rectangle, least: number): readonly Group[] {
  const smallest = least * bytes / Math.max(1, width * height);
  const hidden = items.filter(item => item.bytes < smallest);
  return hidden.length === 0 ? items : [...items.filter(item => item.bytes >= smallest), { name: undefined, ...total(hidden) }];
}

function total(items: readonly Group[]): { bytes: number; count: number } {
  const sum = { bytes: 0, count: 0 };
  for (const { bytes, count } of items) {
    sum.bytes += bytes;
    sum.count += count;
  }
  return sum;
}

function inset({ x, y, width, height }: Rectangle, gap: number, top: number): Rectangle {
  return { x: x + gap, y: y + top, width: Math.max(0, width - 2 * gap), height: Math.max(0, height - top - gap) };
}
