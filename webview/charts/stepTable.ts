/** Train and validation figures side by side, one row per step that has any, the latest first. */
import { formatCount } from '../../src/protocol/format';
import type { SampleEvent, ValidationEvent } from '../../src/protocol/runEvents';
import { absent } from '../format';
import type { View } from '../store';

export function stepTable(
  { points, validations }: View, trainColumns: number, train: (point: SampleEvent) => readonly string[], validation: (event: ValidationEvent) => string,
): string[][] {
  const rows = new Map<number, string[]>();
  for (const point of points) rows.set(point.step, [formatCount(point.step), ...train(point), absent]);
  for (const event of validations) {
    const row = rows.get(event.step) ?? [formatCount(event.step), ...Array.from({ length: trainColumns }, () => absent), absent];
    row[trainColumns + 1] = validation(event);
    rows.set(event.step, row);
  }
  return [...rows].sort(([a], [b]) => b - a).map(([, row]) => row);
}
