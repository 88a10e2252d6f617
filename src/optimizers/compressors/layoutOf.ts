/** The layout of block Top-K for given settings, by the same rule as `blocksOf` but without a record per block. */
import type { BlockLayout, Indices } from '../../kernels/blockLayout';
import { blocksOf, bytesPerIndex } from '../../settings/stateBytes';

export function layoutOf(dimension: number, density: number, blockSize: number | null): BlockLayout {
  const size = Math.min(blockSize ?? dimension, dimension);
  const blocks = Math.ceil(dimension / size);
  const keptPerBlock = keptOf(size, density);
  const keptInLast = keptOf(dimension - (blocks - 1) * size, density);
  return { dimension, blockSize: size, blocks, keptPerBlock, keptInLast, kept: (blocks - 1) * keptPerBlock + keptInLast };
}

/** Room for `count` indices of that layout. */
export function indicesFor(layout: BlockLayout, count: number): Indices {
  return bytesPerIndex(layout.dimension, layout.blockSize) === 2 ? new Uint16Array(count) : new Uint32Array(count);
}

export function sameLayout(a: BlockLayout, b: BlockLayout): boolean {
  return a.dimension === b.dimension && a.blockSize === b.blockSize && a.keptPerBlock === b.keptPerBlock && a.keptInLast === b.keptInLast;
}

function keptOf(length: number, density: number): number {
  return blocksOf(length, density, null).reduce((sum, block) => sum + block.kept, 0);
}
