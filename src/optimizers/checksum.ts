/**
 * FNV-1a over 32-bit words (Fowler, Noll, Vo), the bytes of a rest one by one. Each step maps the sum so far one to one, so
 * that any change confined to one word is always noticed, and others but for one in 2^32.
 */
const prime = 0x01000193;
export const emptyChecksum = 0x811c9dc5;

/** The checksum of what came before and of an array's bytes. */
export function addToChecksum(checksum: number, array: ArrayBufferView): number {
  const { buffer, byteOffset, byteLength } = array.byteOffset % 4 === 0 ? array : new Uint8Array(array.buffer, array.byteOffset, array.byteLength).slice();
  const words = new Uint32Array(buffer, byteOffset, byteLength >>> 2);
  let sum = checksum;
  for (let at = 0; at < words.length; at++) sum = Math.imul(sum ^ (words[at] ?? 0), prime);
  const rest = new Uint8Array(buffer, byteOffset + 4 * words.length, byteLength & 3);
  for (let at = 0; at < rest.length; at++) sum = Math.imul(sum ^ (rest[at] ?? 0), prime);
  return sum >>> 0;
}

export function addTextToChecksum(checksum: number, text: string): number {
  return addToChecksum(checksum, new TextEncoder().encode(text));
}
