/** Writes whole numbers of 7 bits a byte into memory that grows. */

/** Bytes of the longest: 53 bits. */
const mostBytes = 8;

export class NumberWriter {
  private bytes: Uint8Array<ArrayBuffer> = new Uint8Array(4096);
  private length = 0;

  /** Makes room for so many numbers; `byte` and `number` do not look. */
  reserve(numbers: number): void {
    const needed = this.length + mostBytes * numbers;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.bytes);
    this.bytes = larger;
  }

  byte(value: number): void {
    this.bytes[this.length++] = value;
  }

  /** At least 0. */
  number(value: number): void {
    const { bytes } = this;
    let rest = value;
    // Shifts know 32 bits only.
    while (rest > 0x7fffffff) {
      bytes[this.length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest > 0x7f) {
      bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[this.length++] = rest;
  }

  difference(value: number): void {
    this.number(value < 0 ? -2 * value - 1 : 2 * value);
  }

  written(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }
}
