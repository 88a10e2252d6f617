/** A safetensors file that says what it is and whether it is whole: its format, its version, and a checksum of all that counts. */
import { InputError } from '../settings/problem';
import { addTextToChecksum, addToChecksum, emptyChecksum } from './checksum';
import { decodeSafetensors, type Safetensors } from './safetensors';

export interface Seal {
  readonly format: string;
  readonly version: string;
  /** What such a file holds, in words. */
  readonly holds: string;
  /** The texts that the checksum covers besides; any other may be changed. */
  readonly texts: readonly string[];
}

export function sealed({ format, version, texts }: Seal, content: Safetensors): Safetensors {
  const metadata = { format, version, ...content.metadata };
  return { metadata: { ...metadata, checksum: checksumOf(texts, { ...content, metadata }) }, tensors: content.tensors };
}

/** Throws InputError where `bytes` are no such file, or not a whole one. */
export function unsealed({ format, version, holds, texts }: Seal, bytes: Uint8Array): Safetensors {
  const { metadata: all, tensors } = decodeSafetensors(bytes);
  const { checksum = 'missing', ...metadata } = all;
  if (metadata['format'] !== format || metadata['version'] !== version) {
    throw refusal(holds, 'format', `format is ${metadata['format'] ?? 'missing'}, version ${metadata['version'] ?? 'missing'}, but must be ${format}, version ${version}. Pass a file that holds a ${holds}, written by this version.`);
  }
  const found = checksumOf(texts, { metadata, tensors });
  if (checksum !== found) throw refusal(holds, 'checksum', `checksum is ${checksum}, but what the file holds has ${found}: it was damaged after it was written. Use another copy.`);
  return { metadata, tensors };
}

/** Of everything but the order of arrays in the file, which another program may change. */
function checksumOf(texts: readonly string[], { metadata, tensors }: Safetensors): string {
  const covered = Object.entries(metadata).filter(([name]) => ['format', 'version', ...texts].includes(name)).sort(([a], [b]) => a < b ? -1 : 1);
  let sum = addTextToChecksum(emptyChecksum, JSON.stringify(covered));
  for (const [name, { dtype, shape, data }] of [...tensors].sort(([a], [b]) => a < b ? -1 : 1)) {
    sum = addToChecksum(addTextToChecksum(sum, JSON.stringify([name, dtype, shape])), data);
  }
  return sum.toString(16).padStart(8, '0');
}

export function refusal(holds: string, field: string, message: string): InputError {
  return new InputError([{ field, message: `The ${holds} is refused: ${message}` }]);
}
