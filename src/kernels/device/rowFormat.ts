/** How sparse rows lie in a window. */
export interface RowFormat {
  /** Two indices in a word, each relative to its block; else one in a word, from the start of the vector. */
  readonly packedIndices: boolean;
  /** Two bfloat16 values in a word; else float32. */
  readonly packedValues: boolean;
}
