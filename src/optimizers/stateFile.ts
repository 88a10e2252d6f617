/**
 * A saved state as a safetensors file: arrays under their names, numbers as arrays without dimensions in float64, and beside
 * them, as texts, the step, the settings, the tensors and a checksum of all that.
 */
import { defaultsFor, type Settings } from '../settings/knobs';
import type { Shaped } from '../settings/parameterSpace';
import { checkRunFile } from '../settings/validate';
import { encodeSafetensors, type Safetensors, type StoredTensor } from './safetensors';
import type { SavedState } from './savedState';
import { refusal, sealed, unsealed, type Seal } from './sealedFile';
import { dtypeOf } from './storedArrays';

/** The texts of a state. */
export const stateTexts = ['step', 'settings', 'tensors'] as const;
const seal: Seal = { format: 'efcp-optimizer-state', version: '1', holds: 'saved state', texts: stateTexts };

export function encodeState(saved: SavedState): Uint8Array {
  return encodeSafetensors(sealed(seal, storedState(saved)));
}

/** Throws InputError where `bytes` are no saved state, or not a whole one. */
export function decodeState(bytes: Uint8Array): SavedState {
  return savedStateFrom(unsealed(seal, bytes), seal.holds);
}

/** What a file says of a state. */
export function storedState({ step, settings, tensors, numbers, arrays }: SavedState): Safetensors {
  return {
    metadata: { step: String(step), settings: JSON.stringify(settings), tensors: JSON.stringify(tensors) },
    tensors: new Map<string, StoredTensor>([
      ...Object.entries(arrays).map(([name, data]) => [name, { dtype: dtypeOf(name, data), shape: [data.length], data }] as const),
      ...Object.entries(numbers).map(([name, value]) => [name, { dtype: 'F64', shape: [], data: Float64Array.of(value) }] as const),
    ]),
  };
}

/** `holds` names the file in refusals. */
export function savedStateFrom({ metadata, tensors }: Safetensors, holds: string): SavedState {
  const entries = [...tensors];
  return {
    step: Number(metadata['step']),
    settings: settingsFrom(metadata['settings'], holds),
    tensors: tensorsFrom(metadata['tensors'], holds),
    numbers: Object.fromEntries(entries.filter(([, { shape }]) => shape.length === 0).map(([name, { data }]) => [name, data[0] ?? 0])),
    arrays: Object.fromEntries(entries.filter(([, { shape }]) => shape.length > 0).map(([name, { data }]) => [name, data])),
  };
}

/** A setting that the version which wrote the file did not have yet stands at its default. */
function settingsFrom(text: string | undefined, holds: string): Settings {
  const { optimizer, ...given } = checkRunFile(parsedText(holds, 'settings', text));
  if (optimizer === undefined) throw refusal(holds, 'settings', 'settings name no optimizer. Use another copy of the file.');
  return { ...defaultsFor(optimizer), ...given };
}

function tensorsFrom(text: string | undefined, holds: string): Shaped[] {
  const tensors = parsedText(holds, 'tensors', text);
  const isShaped = (tensor: unknown): tensor is Shaped => typeof tensor === 'object' && tensor !== null && 'name' in tensor && typeof tensor.name === 'string'
    && 'shape' in tensor && Array.isArray(tensor.shape) && tensor.shape.every(side => Number.isSafeInteger(side) && side >= 0);
  if (!Array.isArray(tensors) || !tensors.every(isShaped)) throw refusal(holds, 'tensors', 'tensors must be a list of objects with a name and a shape. Use another copy of the file.');
  return tensors;
}

export function parsedText(holds: string, field: string, text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(holds, field, `${field} is ${text === '' ? 'missing' : `"${text.slice(0, 40)}"`}, but must be JSON. Use another copy of the file.`);
  }
}
