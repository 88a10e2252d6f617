/**
 * How the entries that Top-K keeps of a vector of d parameters are laid out. Consecutive blocks, the last of a run shorter,
 * keep a fixed number of entries each; whole blocks make up panels that fit a cache. An index is relative to the start of its
 * panel, and indices ascend within a panel. A row holds its panels one after the other, without gaps.
 */
export type Panel = {
  /** Its first parameter, and how many it spans. */
  readonly start: number;
  readonly length: number;
  /** Length of every block but the last. */
  readonly blockSize: number;
  /** Entries kept in every block but the last, and in the last. */
  readonly keptPerBlock: number;
  readonly keptInLast: number;
  /** Entries kept in the panel, and in all panels before it. */
  readonly kept: number;
  readonly before: number;
};

export type PanelLayout = {
  /** d, the length of the whole vector. */
  readonly dimension: number;
  /** k, the entries kept of the whole vector. */
  readonly kept: number;
  readonly panels: readonly Panel[];
  /** Two bytes reach a panel of up to 65,536 entries; a longer one, which is one long block, needs four. */
  readonly bytesPerIndex: 2 | 4;
};

export type Indices = Uint16Array | Uint32Array;

/** float32, or the upper halves of float32: bfloat16. */
export type Values = Float32Array | Uint16Array;

export const precisions = ['float32', 'bfloat16'] as const;
export type Precision = (typeof precisions)[number];

/** The entries kept of one vector, panel by panel. */
export type SparseRow = {
  readonly layout: PanelLayout;
  readonly values: Values; // [k]
  readonly indices: Indices; // [k]
};

/**
 * m rows of kept entries, panel by panel and row after row within a panel, so that one pass over the window reads memory in
 * order. Consecutive panels lie in shards, of which there is more than one only where one memory cannot hold them all.
 */
export type SparseRows = {
  readonly layout: PanelLayout;
  /** m */
  readonly size: number;
  readonly shards: readonly RowShard[];
};

export type RowShard = {
  /** Its first panel, and the one after its last. */
  readonly from: number;
  readonly to: number;
  readonly windowValues: Values; // [panels, m, kept in the panel]
  readonly windowIndices: Indices;
};

/** Where row 0 of a panel starts in its shard; row r starts r * panel.kept later. */
export function offsetOf(rows: SparseRows, shard: RowShard, panel: Panel): number {
  return rows.size * (panel.before - (rows.layout.panels[shard.from]?.before ?? 0));
}

/** Calls `visit` for every panel in order, with its shard and the place of its row 0 there. */
export function forEachPanel(rows: SparseRows, visit: (panel: Panel, shard: RowShard, offset: number) => void): void {
  for (const shard of rows.shards) {
    for (let index = shard.from; index < shard.to; index++) {
      const panel = rows.layout.panels[index];
      if (panel !== undefined) visit(panel, shard, offsetOf(rows, shard, panel));
    }
  }
}
