/** Summaries of a few measurements. */

/** NaN for none. Infinity, a run that diverged, is larger than every number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => (a === b ? 0 : a - b));
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] ?? Number.NaN;
  const [below, above] = [sorted[middle - 1] ?? Number.NaN, sorted[middle] ?? Number.NaN];
  return below === above ? below : below / 2 + above / 2;
}

/** The value that a fraction of all lie below; NaN for none. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))] ?? Number.NaN;
}

/** The mean of every `length` consecutive values; what is left over at the end is a shorter group. */
export function meansOf(values: readonly number[], length: number): number[] {
  return Array.from({ length: Math.ceil(values.length / length) }, (_, group) => {
    const members = values.slice(group * length, (group + 1) * length);
    return members.reduce((sum, value) => sum + value, 0) / members.length;
  });
}
