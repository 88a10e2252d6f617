/**
 * The safetensors format: named arrays in one file that can be read without running code.
 *
 *   8 bytes   n, the length of the header, little-endian
 *   n bytes   the header: JSON of { name: { dtype, shape, data_offsets: [from, to] } }, and texts under __metadata__;
 *             padded with spaces, so that the data starts at a multiple of 8
 *   the rest  the arrays, one after the other without gaps; widest entries first, so that each is aligned
 *
 * Source: the format's own description (huggingface/safetensors, README, "Format").
 */
import { InputError } from '../settings/problem';
import { placesIn } from './safetensorsHeader';
import { arrayTypes, bytesPerEntry, type Dtype, type StoredArray } from './storedArrays';

export interface StoredTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** All entries, row-major; bfloat16 as the upper halves of float32. */
  readonly data: StoredArray;
}

export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

const lengthBytes = 8;

export function encodeSafetensors(content: Safetensors): Uint8Array {
  const pieces = piecesOfSafetensors(content);
  const file = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    file.set(piece, at);
    at += piece.length;
  }
  return file;
}

/** The bytes of the file one after the other: the header, then views of the arrays, none of them copied. */
export function piecesOfSafetensors({ metadata, tensors }: Safetensors): Uint8Array[] {
  const ordered = [...tensors].sort(([a, { dtype: typeA }], [b, { dtype: typeB }]) => bytesPerEntry[typeB] - bytesPerEntry[typeA] || (a < b ? -1 : 1));
  let end = 0;
  const entries = ordered.map(([name, { dtype, shape, data }]) => [name, { dtype, shape, data_offsets: [end, end += data.byteLength] }] as const);
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries([['__metadata__', metadata], ...entries])));
  const headerLength = Math.ceil(json.length / lengthBytes) * lengthBytes;
  const head = new Uint8Array(lengthBytes + headerLength).fill(' '.charCodeAt(0), lengthBytes);
  new DataView(head.buffer).setUint32(0, headerLength, true);
  head.set(json, lengthBytes);
  return [head, ...ordered.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength))];
}

/** Every array is a copy, so that `bytes` need not be kept. Throws InputError where the file is not what it says. */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const { header, data } = split(bytes);
  const { metadata, places } = placesIn(header, data.length);
  return {
    metadata,
    tensors: new Map(places.map(({ name, dtype, shape, from, to }) => {
      const copy = new Uint8Array(to - from);
      copy.set(data.subarray(from, to));
      return [name, { dtype, shape, data: new arrayTypes[dtype](copy.buffer) }];
    })),
  };
}

function split(bytes: Uint8Array): { header: unknown; data: Uint8Array } {
  if (bytes.length < lengthBytes) throw malformed(`it has ${bytes.length} bytes, and even the length of its header takes ${lengthBytes}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes);
  const length = view.getUint32(0, true) + 2 ** 32 * view.getUint32(4, true);
  const rest = bytes.length - lengthBytes;
  if (length > rest) throw malformed(`its header is said to take ${length} bytes, but only ${rest} follow`);
  return { header: parse(bytes.subarray(lengthBytes, lengthBytes + length)), data: bytes.subarray(lengthBytes + length) };
}

function parse(json: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch (error) {
    throw malformed(`its header is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

function malformed(what: string): InputError {
  return new InputError([{ field: '', message: `This is no whole safetensors file: ${what}. Save the state again, or use another copy.` }]);
}
