/**
 * IDX, the file format of the MNIST family: two zero bytes, the element type (0x08 = unsigned byte), the number of
 * dimensions, every dimension as a big-endian 32-bit integer, then the elements in row-major order.
 */
const unsignedByte = 0x08;

export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

export function encodeIdx({ shape, values }: IdxArray): Uint8Array {
  const headerLength = 4 + 4 * shape.length;
  const bytes = new Uint8Array(headerLength + values.length);
  bytes[2] = unsignedByte;
  bytes[3] = shape.length;
  const view = new DataView(bytes.buffer);
  shape.forEach((size, axis) => { view.setUint32(4 + 4 * axis, size); });
  bytes.set(values, headerLength);
  return bytes;
}

/** Reads an IDX file of unsigned bytes; `source` names it in the error. The values are a view, not a copy. */
export function decodeIdx(bytes: Uint8Array, source: string): IdxArray {
  const rank = bytes[3] ?? 0;
  const headerLength = 4 + 4 * rank;
  if (bytes.length < headerLength || bytes[0] !== 0 || bytes[1] !== 0 || bytes[2] !== unsignedByte || rank === 0) {
    throw new Error(`${source} is not an IDX file of unsigned bytes: it must begin with 00 00 08. Replace it with the original file.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== headerLength + size) {
    throw new Error(`${source} says it holds ${shape.join(' x ')} bytes after its header, but has ${bytes.length - headerLength}. It is cut short or damaged; replace it.`);
  }
  return { shape, values: bytes.subarray(headerLength) };
}
