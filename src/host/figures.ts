/** Figures as the status bar and the quick picks write them: short. */
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** `900`, `1.2k`. */
export function shortCount(count: number): string {
  return compact.format(count).toLowerCase();
}
