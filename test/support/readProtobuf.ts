/** Reads Protocol Buffers without knowing what they mean: the fields of a message, by number. Shares nothing with our writer. */
export type Field = bigint | number | Buffer;

export class Message {
  private readonly fields: readonly (readonly [number: number, value: Field])[];

  constructor(bytes: Buffer) {
    this.fields = [...fieldsOf(bytes)];
  }

  all(field: number): Field[] {
    return this.fields.filter(([number]) => number === field).map(([, value]) => value);
  }

  has(field: number): boolean {
    return this.all(field).length > 0;
  }

  number(field: number): number {
    return Number(this.all(field)[0] ?? Number.NaN);
  }

  bytes(field: number): Buffer {
    return this.all(field)[0] as Buffer;
  }

  text(field: number): string {
    return this.bytes(field).toString('utf8');
  }

  messages(field: number): Message[] {
    return this.all(field).map(bytes => new Message(bytes as Buffer));
  }

  message(...path: readonly number[]): Message {
    return path.reduce<Message>((message, field) => new Message(message.bytes(field)), this);
  }
}

function* fieldsOf(bytes: Buffer): Generator<readonly [number, Field]> {
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const [field, type] = [key >>> 3, key & 7];
    if (type === 0) yield [field, BigInt.asIntN(64, varint())];
    else if (type === 1) {
      yield [field, bytes.readDoubleLE(at)];
      at += 8;
    } else if (type === 2) {
      const length = Number(varint());
      if (at + length > bytes.length) throw new Error(`field ${field} is cut off`);
      yield [field, bytes.subarray(at, at + length)];
      at += length;
    } else if (type === 5) {
      yield [field, bytes.readFloatLE(at)];
      at += 4;
    } else throw new Error(`field ${field} has wire type ${type}`);
  }
}
