/**
 * Fills a dense or low-rank window as if its optimizer had long been at work: its rows are a few compressed gradients with
 * other signs in every segment of the vector, so that no two have the same direction. The gram follows exactly from the
 * products of the few, segment by segment.
 */
import type { KeptFactors } from '../../optimizers/compressors/keptFactors';
import { lowRank } from '../../optimizers/compressors/lowRank';
import type { DenseRows } from '../../optimizers/preconditioners/denseWindow';
import type { LowRankRows } from '../../optimizers/preconditioners/lowRankWindow';
import type { Settings } from '../../settings/knobs';
import { random } from '../random';
import type { GradientSource } from './gradients';
import type { Breathe } from './stopwatch';

interface Segment {
  readonly start: number;
  readonly length: number;
}

/** Some rows in full, and how to write one of them to the window with signs of its own. */
interface Originals {
  readonly segments: readonly Segment[];
  readonly vectors: readonly Float32Array[];
  write(slot: number, original: number, signs: Int8Array): void;
}

export const originalsHeld = 8;

export async function fillSignedRows(size: number, originals: Originals, gram: Float64Array, breathe: Breathe): Promise<void> {
  const { segments, vectors } = originals;
  const source = random(3);
  const signs = Array.from({ length: size }, () => new Int8Array(segments.length).map(() => (source.uniform() < 0.5 ? -1 : 1)));
  const products = vectors.map(a => vectors.map(b => Float64Array.from(segments, segment => productIn(segment, a, b))));
  for (const [row, own] of signs.entries()) {
    originals.write(row, row % vectors.length, own);
    for (let column = 0; column <= row; column++) {
      const parts = products[row % vectors.length]?.[column % vectors.length] ?? new Float64Array();
      gram[row * size + column] = gram[column * size + row] = signedSum(parts, own, signs[column] ?? own);
    }
    await breathe();
  }
}

const stretch = 1024;

export function denseOriginals({ windowValues, dimension }: DenseRows, gradients: GradientSource): Originals {
  const segments = Array.from({ length: Math.ceil(dimension / stretch) }, (_, index) => ({ start: index * stretch, length: Math.min(stretch, dimension - index * stretch) }));
  const vectors = Array.from({ length: originalsHeld }, (_, index) => gradientOf(gradients, index, dimension));
  return {
    segments, vectors,
    write: (slot, original, signs) => {
      const vector = vectors[original];
      segments.forEach(({ start, length }, segment) => {
        for (let at = start; at < start + length; at++) windowValues[slot * dimension + at] = (signs[segment] ?? 0) * (vector?.[at] ?? 0);
      });
    },
  };
}

/** `kept` is the row of the optimizer's compressor, which goes on from the last of the originals. */
export function lowRankOriginals({ layout, windowFactors }: LowRankRows, kept: KeptFactors, settings: Settings, gradients: GradientSource): Originals {
  const compressor = lowRank(() => settings);
  const rows: Float32Array[] = [];
  const vectors = Array.from({ length: originalsHeld }, (_, index) => {
    const vector = gradientOf(gradients, index, layout.dimension);
    compressor.compress(vector, kept, index + 1);
    compressor.expand(kept, vector);
    rows.push(kept.factors.slice());
    return vector;
  });
  return {
    segments: layout.tensors, vectors,
    write: (slot, original, signs) => {
      const start = slot * layout.length;
      windowFactors.set(rows[original] ?? kept.factors, start);
      // The sign of a product is that of one factor, here the left one; a tensor kept whole has only itself.
      layout.tensors.forEach(({ offset, rank, rows: sides, length }, tensor) => {
        const end = offset + (rank === 0 ? length : rank * sides);
        for (let at = start + offset; at < start + end; at++) windowFactors[at] = (signs[tensor] ?? 0) * (windowFactors[at] ?? 0);
      });
    },
  };
}

function gradientOf(gradients: GradientSource, index: number, dimension: number): Float32Array {
  const vector = new Float32Array(dimension);
  gradients.write(index, vector);
  return vector;
}

function productIn({ start, length }: Segment, a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = start; at < start + length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

function signedSum(parts: Float64Array, first: Int8Array, second: Int8Array): number {
  let sum = 0;
  for (let at = 0; at < parts.length; at++) sum += (first[at] ?? 0) * (second[at] ?? 0) * (parts[at] ?? 0);
  return sum;
}
