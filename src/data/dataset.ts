/** Labelled images on the host, as bytes. */
export interface Dataset {
  readonly name: string;
  /** Grey levels [examples, ...imageShape], row-major. */
  readonly images: Uint8Array;
  /** Class numbers [examples]. */
  readonly labels: Uint8Array;
  readonly imageShape: readonly number[];
}
