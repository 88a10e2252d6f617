/** Where the marks of an axis of bytes stand: at round numbers of the unit that is written, not of ten. */
const mantissas = [1, 2, 4, 5, 10, 20, 25, 40, 50, 100, 200, 250, 400, 500];

/** The smallest round distance that leaves at most `marks` marks up to `bytes`. */
export function byteMarkDistance(bytes: number, marks: number): number {
  for (let unit = 1; ; unit *= 1024) {
    const distance = mantissas.find(mantissa => mantissa * unit * marks >= bytes);
    if (distance !== undefined) return distance * unit;
  }
}
