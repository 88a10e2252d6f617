/** Bytes as the whole numbers of an int32 tensor, which every backend keeps as they are: their count, and then four in each. */
export function packBytes(bytes: Uint8Array): Int32Array {
  const words = new Int32Array(1 + Math.ceil(bytes.length / 4));
  words[0] = bytes.length;
  new Uint8Array(words.buffer, 4).set(bytes);
  return words;
}

export function unpackBytes(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset + 4, Math.min(words[0] ?? 0, words.byteLength - 4));
}
