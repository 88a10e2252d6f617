/** What the header of a safetensors file says, checked: known types, true lengths, and arrays that fill the data exactly once. */
import { InputError, type Problem } from '../settings/problem';
import { bytesPerEntry, isDtype, type Dtype } from './storedArrays';

/** An array's bytes within the data. */
export interface Place {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

export function placesIn(header: unknown, dataBytes: number): { metadata: Record<string, string>; places: Place[] } {
  if (!isRecord(header)) throw new InputError([problem('', `the header is ${show(header)}, but must be a JSON object`)]);
  const { __metadata__: metadata = {}, ...tensors } = header;
  const problems: Problem[] = [];
  if (!isTexts(metadata)) problems.push(problem('__metadata__', `__metadata__ is ${show(metadata)}, but must be an object of texts`));
  const places = Object.entries(tensors).flatMap(([name, entry]): Place[] => {
    const place = placeOf(name, entry);
    if (typeof place !== 'string') return [place];
    problems.push(problem(name, `${name} ${place}`));
    return [];
  });
  if (problems.length === 0) problems.push(...gaps(places, dataBytes));
  if (problems.length > 0) throw new InputError(problems);
  return { metadata: metadata as Record<string, string>, places };
}

/** The place, or what is wrong with it. */
function placeOf(name: string, entry: unknown): Place | string {
  if (!isRecord(entry)) return `is described by ${show(entry)}, but must be by an object`;
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isDtype(dtype)) return `has the dtype ${show(dtype)}, but must have one of ${Object.keys(bytesPerEntry).join(', ')}`;
  if (!isCounts(shape)) return `has the shape ${show(shape)}, but must have a list of whole numbers from 0`;
  if (!isCounts(offsets) || offsets.length !== 2) return `has the data_offsets ${show(offsets)}, but must have two whole numbers from 0`;
  const [from = 0, to = 0] = offsets;
  const needed = bytesPerEntry[dtype] * shape.reduce((product, side) => product * side, 1);
  if (to - from !== needed) return `has data_offsets ${show(offsets)}, which is ${to - from} bytes, but its shape ${show(shape)} of ${dtype} takes ${needed}`;
  return { name, dtype, shape, from, to };
}

function gaps(places: readonly Place[], dataBytes: number): Problem[] {
  let end = 0;
  for (const { name, from, to } of places.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) return [problem(name, `${name} starts at byte ${from} of the data, but the array before it ends at ${end}: arrays must neither overlap nor leave a gap`)];
    end = to;
  }
  return end === dataBytes ? [] : [problem('', `the arrays take ${end} bytes, but ${dataBytes} follow the header`)];
}

function problem(field: string, what: string): Problem {
  return { field, message: `The safetensors file is damaged: ${what}. Save the state again, or use another copy.` };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every(text => typeof text === 'string');
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(count => Number.isSafeInteger(count) && count >= 0);
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 80);
}
