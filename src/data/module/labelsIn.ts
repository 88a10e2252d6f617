/** Tells class numbers, one-hot rows and values to be predicted apart, by looking at all of them. */
import type { Dataset, HostArray } from '../dataset';
import { problem } from './givenArrays';

export function labelsIn(parts: readonly HostArray[], file: string): Pick<Dataset, 'labelKind' | 'classes'> {
  const [{ shape: [, ...shape] }] = parts as [HostArray];
  const width = shape.reduce((product, length) => product * length, 1);
  const all = parts.map(({ values }) => values);
  if (all.some(values => values instanceof Int32Array) && (shape.length === 0 || shape.join() === '1')) {
    for (const values of all) {
      const negative = values.findIndex((label: number) => label < 0);
      if (negative >= 0) throw problem('ys', `has the label ${values[negative] ?? 0} in example ${negative}, but class numbers begin with 0`, 'Number the classes from 0', file);
    }
    return { labelKind: 'classNumbers', classes: 1 + largest(all) };
  }
  if (width === 1 && all.every(values => values.every((label: number) => Number.isInteger(label) && label >= 0))) return { labelKind: 'wholeNumbers', classes: 1 + largest(all) };
  if (shape.length === 1 && width > 1 && all.every(values => isOneHot(values, width))) return { labelKind: 'oneHot', classes: width };
  return { labelKind: 'values' };
}

function largest(parts: readonly HostArray['values'][]): number {
  let most = 0;
  for (const values of parts) for (const value of values) most = Math.max(most, value);
  return most;
}

function isOneHot(values: HostArray['values'], width: number): boolean {
  const ones = new Uint8Array(values.length / width);
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (value !== 0 && value !== 1) return false;
    const row = Math.floor(at / width);
    ones[row] = Math.min(2, (ones[row] ?? 0) + value);
  }
  return ones.every(count => count === 1);
}
