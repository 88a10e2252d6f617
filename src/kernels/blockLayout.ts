/**
 * How the entries kept of a vector of d parameters are laid out: consecutive blocks, the last of which may be shorter, and
 * in each the same number of entries. Entry i of block b stands at b * keptPerBlock + i; its index is relative to the start
 * of its block, and indices ascend within a block.
 */
export type BlockLayout = {
  /** d, the length of the whole vector. */
  readonly dimension: number;
  /** Length of every block but the last; never above d. */
  readonly blockSize: number;
  readonly blocks: number;
  /** Entries kept in every block but the last, and in the last. */
  readonly keptPerBlock: number;
  readonly keptInLast: number;
  /** k, the entries kept of the whole vector. */
  readonly kept: number;
};

/** Two bytes reach a block of up to 65,536 entries; a longer one needs four. */
export type Indices = Uint16Array | Uint32Array;
