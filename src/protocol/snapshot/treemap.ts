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
  /** Text of the layer; undefined for a category, and for layers that are too small to see one by one. */
  readonly layer: number | undefined;
  /** Undefined for what is more than a buffer, and for the buffers of a layer that are too small to see one by one. */
  readonly buffer: number | undefined;
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

/**
 * Outer areas before those in them. Time: two passes over the live buffers, two over categories times texts, and the sorting of what is large
 * enough to see. Only that becomes an object: of the rest there may be a hundred thousand.
 */
export function treemap(instant: Instant, space: TreemapSpace): Area[] {
  const sums = sumsOf(instant);
  const placed = placeLayers(instant, sums, space);
  const insides = buffersOf(instant, sums, placed.flatMap(({ layers }) => layers), space);
  return placed.flatMap(({ area, layers }) => [area, ...layers.flatMap(layer => [layer, ...placeBuffers(layer, insides.get(layer), space)])]);
}

/** Of the categories that live, by category and layer, in that order. What has no bytes is left out. */
interface Sums {
  readonly layers: number;
  readonly bytes: Float64Array;
  readonly count: Uint32Array;
  /** By category: where its layers begin. */
  readonly start: Uint32Array;
  /** By category. */
  readonly counts: Uint32Array;
}
/** A layer, or a buffer, by its number; undefined: those that are too small. */
interface Group { readonly name: number | undefined; readonly bytes: number; readonly count: number }

/** Those that are large enough to see, and the others as one without a name. */
class Visible {
  private readonly shown: Group[] = [];
  private readonly hidden = { name: undefined, bytes: 0, count: 0 };
  private readonly smallest: number;

  constructor(bytes: number, { width, height }: Rectangle, least: number) {
    this.smallest = least * bytes / Math.max(1, width * height);
  }

  add(name: number, bytes: number, count: number): void {
    if (bytes === 0) return;
    if (bytes >= this.smallest) {
      this.shown.push({ name, bytes, count });
      return;
    }
    this.hidden.bytes += bytes;
    this.hidden.count += count;
  }

  get groups(): readonly Group[] {
    return this.hidden.count === 0 ? this.shown : [...this.shown, this.hidden];
  }
}

function sumsOf({ lives: { snapshot: { buffers, texts } }, alive, category, bytes: instantBytes }: Instant): Sums {
  const layers = texts.length;
  let length = 0;
  const start = Uint32Array.from(categories, name => instantBytes[name] > 0 ? (length += layers) - layers : 0);
  const sums = { layers, bytes: new Float64Array(length), count: new Uint32Array(length), start, counts: new Uint32Array(categories.length) };
  for (const buffer of alive) {
    const [own, of] = [buffers.bytes[buffer] ?? 0, category[buffer] ?? 0];
    if (own === 0) continue;
    const key = (start[of] ?? 0) + (buffers.layer[buffer] ?? 0);
    sums.bytes[key] = (sums.bytes[key] ?? 0) + own;
    sums.count[key] = (sums.count[key] ?? 0) + 1;
    sums.counts[of] = (sums.counts[of] ?? 0) + 1;
  }
  return sums;
}

function placeLayers({ bytes: instantBytes }: Instant, sums: Sums, { width, height, title, gap, least }: TreemapSpace): { area: Area; layers: Area[] }[] {
  const totals = categories.map((name, category) => ({ category, bytes: instantBytes[name], count: sums.counts[category] ?? 0 })).filter(({ bytes }) => bytes > 0);
  return squarify(totals, { x: 0, y: 0, width, height }).map(([{ category, bytes, count }, place]) => {
    const inside = inset(place, gap, hasTitle(place, title) ? title : gap);
    const visible = new Visible(bytes, inside, least);
    for (let layer = 0, key = sums.start[category] ?? 0; layer < sums.layers; layer++, key++) visible.add(layer, sums.bytes[key] ?? 0, sums.count[key] ?? 0);
    return {
      area: areaOf('category', place, category, undefined, undefined, bytes, count),
      layers: squarify(visible.groups, inside).map(([{ name, bytes: own, count: several }, room]) => areaOf('layer', room, category, name, undefined, own, several)),
    };
  });
}

/** What is in those of the layers that are drawn by themselves. */
function buffersOf({ lives: { snapshot: { buffers } }, alive, category }: Instant, sums: Sums, layers: readonly Area[], { least }: TreemapSpace): Map<Area, Visible> {
  const insides = layers.filter(({ layer }) => layer !== undefined).map((area): [Area, Visible] => [area, new Visible(area.bytes, area, least)]);
  // As in the sums: its place among them, counted from 1.
  const places = new Uint32Array(sums.bytes.length);
  insides.forEach(([{ category: of, layer = 0 }], at) => { places[(sums.start[of] ?? 0) + layer] = at + 1; });
  for (const buffer of alive) {
    const place = places[(sums.start[category[buffer] ?? 0] ?? 0) + (buffers.layer[buffer] ?? 0)] ?? 0;
    if (place > 0) insides[place - 1]?.[1].add(buffer, buffers.bytes[buffer] ?? 0, 1);
  }
  return new Map(insides);
}

function placeBuffers(layer: Area, inside: Visible | undefined, { gap }: TreemapSpace): Area[] {
  return squarify(inside?.groups ?? [], inset(layer, gap, gap)).map(([{ name, bytes, count }, place]) => areaOf('buffer', place, layer.category, layer.layer, name, bytes, count));
}

/** Written out: thousands of objects of one form are made several times as fast as when they are spread from others. */
function areaOf(level: Area['level'], { x, y, width, height }: Rectangle, category: number, layer: number | undefined, buffer: number | undefined, bytes: number, count: number): Area {
  return { x, y, width, height, level, category, layer, buffer, bytes, count };
}

/** Only where there is room for its words, and for what it names. */
export function hasTitle({ width, height }: Rectangle, title: number): boolean {
  return Math.min(width, height) > 3 * title;
}

function inset({ x, y, width, height }: Rectangle, gap: number, top: number): Rectangle {
  return { x: x + gap, y: y + top, width: Math.max(0, width - 2 * gap), height: Math.max(0, height - top - gap) };
}
