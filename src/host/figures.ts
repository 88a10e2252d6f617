/** Figures as the status bar and the quick picks write them: short. */
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** `512 B`, `1.2 MiB`, `18 MiB`. */
export function shortBytes(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (Math.abs(value) >= 1023.5 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${unit === 0 || Math.abs(value) >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** With its sign: `+1.2 MiB`, `-640 KiB`. */
export function shortByteChange(bytes: number): string {
  return bytes === 0 ? 'no change' : `${bytes > 0 ? '+' : ''}${shortBytes(bytes)}`;
}

/** `900`, `1.2k`. */
export function shortCount(count: number): string {
  return compact.format(count).toLowerCase();
}

/** `95.3 %`. */
export function shortPercent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`;
}
