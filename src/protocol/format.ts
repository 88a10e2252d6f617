/** Figures become text here, for the panel, the terminal and the status bar alike. Until they get here they are exact. */
export const minus = '−';
const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 3 significant digits in the unit below 1,024: `512 B`, `1.23 MiB`, `1,020 KiB`. */
export function formatBytes(bytes: number): string {
  let [value, unit] = [Math.abs(bytes), 0];
  while (value >= 1023.5 && unit < byteUnits.length - 1) [value, unit] = [value / 1024, unit + 1];
  const digits = unit === 0 || value >= 999.5 ? grouped.format(value) : value.toPrecision(3);
  return `${bytes < 0 ? minus : ''}${digits} ${byteUnits[unit] ?? ''}`;
}

/** With its sign, for differences: `+1.23 MiB`. */
export function formatByteChange(bytes: number): string {
  return bytes === 0 ? 'no change' : `${bytes > 0 ? '+' : ''}${formatBytes(bytes)}`;
}

const operationUnits = ['FLOP', 'kFLOP', 'MFLOP', 'GFLOP', 'TFLOP', 'PFLOP'] as const;

/** Floating-point operations, 3 significant digits in the unit below 1,000: `1.23 GFLOP`. */
export function formatOperations(count: number): string {
  let [value, unit] = [count, 0];
  while (value >= 999.5 && unit < operationUnits.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit === 0 || value >= 999.5 ? grouped.format(value) : value.toPrecision(3)} ${operationUnits[unit] ?? ''}`;
}

/** Bytes as papers give them, 3 places of 10^6: `405.563 MB`. */
export function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(3)} MB`;
}

/** The same for differences, with their sign: `−12.345 MB`. */
export function formatMegabyteChange(bytes: number): string {
  return bytes === 0 ? 'no change' : `${bytes > 0 ? '+' : minus}${formatMegabytes(Math.abs(bytes))}`;
}

/** A figure without a unit: 3 significant digits, and a power of ten where there are many zeros. */
export function formatFigure(value: number): string {
  const size = Math.abs(value);
  const plain = size >= 999.5 ? size.toFixed(0) : String(Number(size.toPrecision(3)));
  return `${value < 0 ? minus : ''}${size !== 0 && (size < 1e-3 || size >= 99_950) ? size.toExponential(2) : plain}`;
}

export function formatCount(count: number): string {
  return grouped.format(count).replace('-', minus);
}

/** The first few, and how many more: `3, 5, 8 and 1,234 more`. */
export function formatNumbers(numbers: readonly number[], most = 10): string {
  const shown = numbers.slice(0, most).join(', ');
  return numbers.length > most ? `${shown} and ${formatCount(numbers.length - most)} more` : shown;
}

/** A part of a whole in a column of parts, with fixed places: `31.8 %`. */
export function formatShare(fraction: number): string {
  return fraction > 0 && fraction < 0.0005 ? '< 0.1 %' : `${(fraction * 100).toFixed(1)} %`;
}

/** `0.8 s`, `42 s`, `3 min 05 s`, `2 h 07 min`, `3 d 04 h`. */
export function formatDuration(ms: number): string {
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  return `${Math.floor(minutes / 1440)} d ${two(Math.floor((minutes % 1440) / 60))} h`;
}

export function formatMilliseconds(ms: number): string {
  return ms < 999.5 ? `${ms.toPrecision(3)} ms` : `${(ms / 1000).toPrecision(3)} s`;
}

/** A difference as a share of what it is one of, with its sign: `+3 %`, `−0.4 %`. */
export function formatRelativeChange(share: number): string {
  const percent = Math.abs(share) < 0.0995 ? Number((share * 100).toFixed(1)) : Math.round(share * 100);
  return `${percent > 0 ? '+' : percent < 0 ? minus : '±'}${String(Math.abs(percent))} %`;
}
