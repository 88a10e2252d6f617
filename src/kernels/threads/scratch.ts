/**
 * What one thread needs beside its data, at fixed places: room for the longest panel and for one number a row. It is the
 * same for every dimension, and no part of an optimizer's state.
 */
import type { PanelLayout } from '../panelLayout';

/** Counters of the Top-K's histograms, and what it holds for every entry of a block; see ../assembly/topK.ts. */
const countersBytes = 4096 * 4;
const bytesPerCandidate = 6;

/** Entries that share the two bounds of their codes; at least so many. */
const shortestQuantizationBlock = 64;

/** Entries of a row that a byte can name, and none; see ../assembly/dots.ts. */
const compactBytes = 8 * 256;

export interface Scratch {
  /** Bytes of one thread's share. */
  readonly bytes: number;
  /** Offsets within it. */
  readonly tile: number;
  readonly map: number;
  readonly compact: number;
  readonly sums: number;
  readonly out: number;
  readonly topK: number;
  readonly residual: number;
  readonly ranges: number;
  readonly rowValues: number;
  readonly rowIndices: number;
  readonly perRow: number;
}

/** `rows` is the length of a window, 0 where there is none. */
export function scratchFor({ panels }: PanelLayout, rows: number): Scratch {
  const length = panels.reduce((most, panel) => Math.max(most, panel.length), 0);
  const kept = panels.reduce((most, panel) => Math.max(most, panel.kept), 0);
  let bytes = 0;
  const place = (size: number) => {
    const at = bytes;
    bytes += Math.ceil(size / 64) * 64;
    return at;
  };
  const places = {
    tile: place(4 * length), map: place(length), compact: place(compactBytes), sums: place(8 * length), out: place(4 * length), topK: place(countersBytes + bytesPerCandidate * length),
    residual: place(4 * length), ranges: place(4 * Math.ceil(length / shortestQuantizationBlock)),
    rowValues: place(4 * kept), rowIndices: place(2 * kept), perRow: place(8 * rows),
  };
  return { ...places, bytes };
}

/** The same places, from the address `start` on. */
export function movedBy(scratch: Scratch, start: number): Scratch {
  const places = Object.entries(scratch) as [keyof Scratch, number][];
  return { ...Object.fromEntries(places.map(([name, at]) => [name, start + at])) as unknown as Scratch, bytes: scratch.bytes };
}
