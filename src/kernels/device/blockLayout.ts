/**
 * How block Top-K cuts a vector, as device kernels need it: runs of equal blocks, and for each run what lies before it. An
 * entry's place within its row tells its block, so that no table grows with the number of blocks.
 */

/** A run of consecutive parameters, cut into blocks of `blockSize` entries; the last may be shorter. */
export interface BlockRun {
  readonly start: number;
  readonly length: number;
  readonly blockSize: number;
  /** Entries kept in every block but the last, and in the last. */
  readonly keptPerBlock: number;
  readonly keptInLast: number;
}

export interface BlockLayout {
  /** d, the length of the vector. */
  readonly dimension: number;
  readonly runs: readonly BlockRun[];
  readonly blocks: number;
  /** k, the entries kept of the whole vector. */
  readonly kept: number;
  /** Tiles of `tileLength` parameters, none of which spans two runs. */
  readonly tiles: number;
  /** Per run eight numbers, named by `runColumns`. */
  readonly table: Int32Array;
}

export const runColumns = ['start', 'length', 'blockSize', 'keptPerBlock', 'keptInLast', 'blocksBefore', 'keptBefore', 'tilesBefore'] as const;

/** Parameters whose sums one workgroup holds: 8 bytes each, the 16 KiB that every device grants. */
export const tileLength = 2048;

export function blockLayout(dimension: number, runs: readonly BlockRun[]): BlockLayout {
  let [blocks, kept, tiles] = [0, 0, 0];
  const rows = runs.map(({ start, length, blockSize, keptPerBlock, keptInLast }) => {
    const row = [start, length, blockSize, keptPerBlock, keptInLast, blocks, kept, tiles];
    const own = Math.ceil(length / blockSize);
    blocks += own;
    kept += (own - 1) * keptPerBlock + keptInLast;
    tiles += Math.ceil(length / tileLength);
    return row;
  });
  return { dimension, runs, blocks, kept, tiles, table: Int32Array.from(rows.flat()) };
}
