/** Reads what `NumberWriter` writes; throws where the bytes end before a number does, or a number is none that a writer writes. */
export class NumberReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new Error('its columns end too early');
    return value;
  }

  number(): number {
    let value = this.byte();
    if (value < 0x80) return value;
    value &= 0x7f;
    for (let unit = 128; ; unit *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * unit;
      if (value > Number.MAX_SAFE_INTEGER) throw new Error('a number of a column is too large');
      if (byte < 0x80) return value;
    }
  }

  difference(): number {
    const value = this.number();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
