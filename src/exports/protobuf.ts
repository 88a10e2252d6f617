/**
 * The wire format of Protocol Buffers, as far as writing needs it: a message is its fields one after the other, each a key
 * (number << 3 | wire type) and a value. Wire type 0 is a varint, 1 eight bytes, 2 bytes behind their length, 5 four bytes.
 */
const [varintType, doubleType, bytesType, floatType] = [0, 1, 2, 5];

/** Seven bits a byte, lowest first; negative numbers as two's complement of 64 bits. */
export function varint(value: number | bigint): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

function key(field: number, type: number): Buffer {
  return varint(field * 8 + type);
}

export function whole(field: number, value: number | bigint | boolean): Buffer {
  return Buffer.concat([key(field, varintType), varint(typeof value === 'boolean' ? Number(value) : value)]);
}

export function double(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([key(field, doubleType), bytes]);
}

export function float(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([key(field, floatType), bytes]);
}

/** A text, bytes, or the fields of a message within. */
export function part(field: number, content: string | Uint8Array | readonly Uint8Array[]): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content instanceof Uint8Array ? content : Buffer.concat(content);
  return Buffer.concat([key(field, bytesType), varint(bytes.length), bytes]);
}
