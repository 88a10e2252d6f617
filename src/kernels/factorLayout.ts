/**
 * How what low rank keeps of a vector of d parameters is laid out. A row holds one tensor after the other: the columns of the
 * left factor P [rows, rank], then those of the right factor Q [columns, rank], each column contiguous; or the tensor whole.
 */
export type FactoredPlace = {
  /** The tensor's first parameter, and how many it spans. */
  readonly start: number;
  readonly length: number;
  /** The matrix that it is seen as, row-major. */
  readonly rows: number;
  readonly columns: number;
  /** Columns of each factor; 0 where the tensor is kept whole. */
  readonly rank: number;
  /** Where it begins in a row. */
  readonly offset: number;
};

export type FactorLayout = {
  /** d, the length of the whole vector. */
  readonly dimension: number;
  /** Floats in a row. */
  readonly length: number;
  readonly tensors: readonly FactoredPlace[];
};

/** Where column `index` of P begins. */
export function leftColumn({ offset, rows }: FactoredPlace, index: number): number {
  return offset + index * rows;
}

/** Where column `index` of Q begins. */
export function rightColumn({ offset, rows, columns, rank }: FactoredPlace, index: number): number {
  return offset + rank * rows + index * columns;
}
