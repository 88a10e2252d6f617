/** Figures of the bench of memory as text; nothing for what was not measured. */
import type { MemoryRow } from './memoryRow';

export function megabytes(bytes: number | null): string {
  if (bytes === null) return '';
  const value = bytes / 1e6;
  return value >= 100 ? value.toFixed(1) : value.toFixed(value >= 10 ? 2 : 3);
}

export function ratioText(ratio: number | null): string {
  return ratio === null ? '' : ratio >= 100 ? ratio.toFixed(0) : ratio.toFixed(ratio >= 10 ? 1 : 2);
}

/** How far the measured total is above what was predicted. */
export function errorText({ totalBytes, predictedTotalBytes }: Pick<MemoryRow, 'totalBytes' | 'predictedTotalBytes'>): string {
  if (totalBytes === null || predictedTotalBytes === null) return '';
  if (totalBytes === predictedTotalBytes) return 'exact';
  const error = 100 * (totalBytes - predictedTotalBytes) / predictedTotalBytes;
  return `${error > 0 ? '+' : '\u2212'}${Math.abs(error).toPrecision(2)} %`;
}

export function flopsText(flops: number | null): string {
  return flops === null ? '' : flops === 0 ? '0' : `${(flops / 1e9).toPrecision(3)} GFLOP`;
}

export function stepText(ms: number | null): string {
  return ms === null ? '' : ms >= 99.95 ? ms.toFixed(0) : ms.toPrecision(3);
}

export function countText(count: number): string {
  return count.toLocaleString('en');
}
