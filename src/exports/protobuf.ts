/**
 * The wire format of Protocol Buffers, as far as writing needs it: a message is its fields one after the other, each a key
 * (number << 3 | wire type) and a value. Wire type 0 is a varint, 1 eight bytes, 2 bytes behind their length, 5 four bytes.
 */
const [varintType, doubleType, bytesType, floatType] = [0, 1, 2, 5];

/** Seven bits a byte, lowest first; negative numbers as two's complement of 64 bits. */
export function varint(value: number | bigint): Buffer {
  const bytes = Buffer.allocUnsafe(varintLength(value));
  writeVarint(bytes, 0, value);
  return bytes;
}

export function whole(field: number, value: number | bigint | boolean): Buffer {
  const number = typeof value === 'boolean' ? Number(value) : value;
  const bytes = keyed(field, varintType, varintLength(number));
  writeVarint(bytes, bytes.length - varintLength(number), number);
  return bytes;
}

export function double(field: number, value: number): Buffer {
  const bytes = keyed(field, doubleType, 8);
  bytes.writeDoubleLE(value, bytes.length - 8);
  return bytes;
}

export function float(field: number, value: number): Buffer {
  const bytes = keyed(field, floatType, 4);
  bytes.writeFloatLE(value, bytes.length - 4);
  return bytes;
}

/** A text, bytes, or the fields of a message within. */
export function part(field: number, content: string | Uint8Array | readonly Uint8Array[]): Buffer {
  const fields = typeof content === 'string' ? [Buffer.from(content)] : content instanceof Uint8Array ? [content] : content;
  const length = fields.reduce((sum, each) => sum + each.length, 0);
  const bytes = keyed(field, bytesType, varintLength(length) + length);
  let at = writeVarint(bytes, bytes.length - length - varintLength(length), length);
  for (const each of fields) {
    bytes.set(each, at);
    at += each.length;
  }
  return bytes;
}

/** The key, and room for the value behind it. */
function keyed(field: number, type: number, length: number): Buffer {
  const key = field * 8 + type;
  const bytes = Buffer.allocUnsafe(varintLength(key) + length);
  writeVarint(bytes, 0, key);
  return bytes;
}

function varintLength(value: number | bigint): number {
  if (typeof value === 'bigint' || value < 0) return varintLength64(BigInt.asUintN(64, BigInt(value)));
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}

function varintLength64(value: bigint): number {
  let length = 1;
  for (let rest = value; rest >= 0x80n; rest >>= 7n) length++;
  return length;
}

/** Returns the place behind it. */
function writeVarint(bytes: Uint8Array, at: number, value: number | bigint): number {
  if (typeof value === 'bigint' || value < 0) {
    for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
      const isLast = rest < 0x80n;
      bytes[at++] = Number(rest & 0x7fn) | (isLast ? 0 : 0x80);
      if (isLast) return at;
    }
  }
  // Numbers of up to 53 bits: shifts would cut them at 32.
  for (let rest = value; ; rest = Math.floor(rest / 0x80)) {
    const isLast = rest < 0x80;
    bytes[at++] = isLast ? rest : rest % 0x80 | 0x80;
    if (isLast) return at;
  }
}
