/**
 * A saved state as a safetensors file: arrays under their names, numbers as arrays without dimensions in float64, and beside
 * them, as texts, the step, the settings, the tensors and a checksum of all that.
 */
import { defaultsFor, type Settings } from '../settings/knobs';
import type { Shaped } from '../settings/parameterSpace';
import { InputError } from '../settings/problem';
import { checkRunFile } from '../settings/validate';
import { addTextToChecksum, addToChecksum, emptyChecksum } from './checksum';
import { decodeSafetensors, encodeSafetensors, type Safetensors, type StoredTensor } from './safetensors';
import type { SavedState } from './savedState';
import { dtypeOf } from './storedArrays';

const format = 'efcp-optimizer-state';
const version = '1';

export function encodeState({ step, settings, tensors, numbers, arrays }: SavedState): Uint8Array {
  const stored = new Map<string, StoredTensor>([
    ...Object.entries(arrays).map(([name, data]) => [name, { dtype: dtypeOf(name, data), shape: [data.length], data }] as const),
    ...Object.entries(numbers).map(([name, value]) => [name, { dtype: 'F64', shape: [], data: Float64Array.of(value) }] as const),
  ]);
  const metadata = { format, version, step: String(step), settings: JSON.stringify(settings), tensors: JSON.stringify(tensors) };
  return encodeSafetensors({ metadata: { ...metadata, checksum: checksumOf({ metadata, tensors: stored }) }, tensors: stored });
}

/** Throws InputError where `bytes` are no saved state, or not a whole one. */
export function decodeState(bytes: Uint8Array): SavedState {
  const file = decodeSafetensors(bytes);
  const { checksum = 'missing', ...metadata } = file.metadata;
  if (metadata['format'] !== format || metadata['version'] !== version) {
    throw refusal('format', `format is ${metadata['format'] ?? 'missing'}, version ${metadata['version'] ?? 'missing'}, but must be ${format}, version ${version}. Pass a file that holds a saved optimizer, written by this version.`);
  }
  const found = checksumOf({ metadata, tensors: file.tensors });
  if (checksum !== found) throw refusal('checksum', `checksum is ${checksum}, but what the file holds has ${found}: it was damaged after it was written. Use another copy.`);
  const entries = [...file.tensors];
  return {
    step: Number(metadata['step']),
    settings: settingsFrom(metadata['settings']),
    tensors: tensorsFrom(metadata['tensors']),
    numbers: Object.fromEntries(entries.filter(([, { shape }]) => shape.length === 0).map(([name, { data }]) => [name, data[0] ?? 0])),
    arrays: Object.fromEntries(entries.filter(([, { shape }]) => shape.length > 0).map(([name, { data }]) => [name, data])),
  };
}

/** Of everything but the order of arrays in the file, which another program may change. */
function checksumOf({ metadata, tensors }: Safetensors): string {
  const texts = Object.entries(metadata).filter(([name]) => ['format', 'version', 'step', 'settings', 'tensors'].includes(name)).sort(([a], [b]) => a < b ? -1 : 1);
  let sum = addTextToChecksum(emptyChecksum, JSON.stringify(texts));
  for (const [name, { dtype, shape, data }] of [...tensors].sort(([a], [b]) => a < b ? -1 : 1)) {
    sum = addToChecksum(addTextToChecksum(sum, JSON.stringify([name, dtype, shape])), data);
  }
  return sum.toString(16).padStart(8, '0');
}

/** A setting that the version which wrote the file did not have yet stands at its default. */
function settingsFrom(text: string | undefined): Settings {
  const { optimizer, ...given } = checkRunFile(parsed('settings', text));
  if (optimizer === undefined) throw refusal('settings', 'settings name no optimizer. Use another copy of the file.');
  return { ...defaultsFor(optimizer), ...given };
}

function tensorsFrom(text: string | undefined): Shaped[] {
  const tensors = parsed('tensors', text);
  const isShaped = (tensor: unknown): tensor is Shaped => typeof tensor === 'object' && tensor !== null && 'name' in tensor && typeof tensor.name === 'string'
    && 'shape' in tensor && Array.isArray(tensor.shape) && tensor.shape.every(side => Number.isSafeInteger(side) && side >= 0);
  if (!Array.isArray(tensors) || !tensors.every(isShaped)) throw refusal('tensors', 'tensors must be a list of objects with a name and a shape. Use another copy of the file.');
  return tensors;
}

function parsed(field: string, text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(field, `${field} is ${text === '' ? 'missing' : `"${text.slice(0, 40)}"`}, but must be JSON. Use another copy of the file.`);
  }
}

function refusal(field: string, message: string): InputError {
  return new InputError([{ field, message: `The saved state is refused: ${message}` }]);
}
