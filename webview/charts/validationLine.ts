/** Validation looks the same on every chart: dashed, with a point at each measurement. */
import type { Palette } from '../theme';
import type { Line } from './chartSpec';

/** Measurements up to which each has its point. */
const pointsShown = 60;

export function validationLine({ validation }: Palette): Line {
  return { label: 'Validation', data: [], borderColor: validation, backgroundColor: validation, borderDash: [5, 3], pointRadius: 2.5, clip: 6, fill: false };
}

export function validationPointRadius(line: Line | undefined, count: number): void {
  if (line !== undefined) line.pointRadius = count > pointsShown ? 0 : 2.5;
}
