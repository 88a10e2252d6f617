/** What happens in a trace, whatever format it is written in. Times are microseconds since its beginning, items of a track in order of time. */
export type Details = Readonly<Record<string, string | number>>;

export interface Counter {
  readonly kind: 'counter';
  readonly track: string;
  readonly unit: 'bytes' | 'other';
  readonly at: number;
  readonly value: number;
}

/** Slices of one track never overlap. */
export interface Slice {
  readonly kind: 'slice';
  readonly track: string;
  readonly name: string;
  readonly at: number;
  readonly duration: number;
  readonly details?: Details;
}

export interface Instant {
  readonly kind: 'instant';
  readonly track: string;
  readonly name: string;
  readonly at: number;
  readonly details?: Details;
}

export type TraceItem = Counter | Slice | Instant;
export type TraceItems = Iterable<TraceItem> | AsyncIterable<TraceItem>;
