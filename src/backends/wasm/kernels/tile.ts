/** Tile by copies of what was already written; the stock kernel takes every element by its coordinates. */
import { Tile, util, type TileAttrs, type TileInputs } from '@tensorflow/tfjs-core';
import { kernel } from '../kernel';

export const tile = kernel<TileInputs, TileAttrs>(Tile, (heap, { x }, { reps }, stock) => {
  if (x.dtype === 'string' || x.dtype === 'complex64') return stock();
  const out = heap.output(x.shape.map((size, i) => size * (reps[i] ?? 1)), x.dtype);
  if (util.sizeFromShape(out.shape) === 0) return out;
  const dimensions = repetitions(x.shape, reps);
  heap.withIntegers(dimensions, address => { heap.kernels.tileCopies(heap.address(x), heap.address(out), address, dimensions.length / 2, util.bytesPerElement(x.dtype)); });
  return out;
});

/** {size, repetitions} of every dimension, at least one; neighbours that are one piece of memory, or one repetition, are one. */
function repetitions(shape: readonly number[], reps: readonly number[]): number[] {
  const runs: { size: number; times: number }[] = [];
  for (const [i, size] of shape.entries()) {
    const times = reps[i] ?? 1;
    const outer = runs.at(-1);
    if (outer !== undefined && (times === 1 || outer.size === 1)) {
      outer.times *= times;
      outer.size *= size;
    } else {
      runs.push({ size, times });
    }
  }
  return runs.length === 0 ? [1, 1] : runs.flatMap(({ size, times }) => [size, times]);
}
