/** Lines of text files in UTF-8, without what ends them. A file in another encoding is refused at the line where that shows. */
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { InputError } from '../../settings/problem';

const lineFeed = 0x0a;
const byteOrderMark = '\ufeff';

/** Throws InputError with file and line. `field`: the setting that names the file, or `data`. */
export function readLines(file: string, field: string): string[] {
  return linesOf(readBytes(file, field), file, field);
}

/** Of what was read from `source`. */
export function linesOf(bytes: Buffer, source: string, field: string): string[] {
  const stretches = stretchesOf(bytes);
  refuseOthers(bytes, stretches, source, field);
  const lines = stretches.map(([start, stop]) => bytes.toString('utf8', start, stop).replace(/\r$/, ''));
  if (lines[0]?.startsWith(byteOrderMark) === true) lines[0] = lines[0].slice(byteOrderMark.length);
  return lines;
}

function readBytes(file: string, field: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new InputError([{ field, message: `${field} is ${file}, which cannot be read (${error instanceof Error ? error.message : String(error)}). Name a text file of at most 2 GiB.` }]);
  }
}

/** A last line need not be ended. */
function stretchesOf(bytes: Buffer): [start: number, stop: number][] {
  const stretches: [number, number][] = [];
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(lineFeed, start);
    const stop = found < 0 ? bytes.length : found;
    stretches.push([start, stop]);
    start = stop + 1;
  }
  return stretches;
}

function refuseOthers(bytes: Buffer, stretches: readonly [number, number][], file: string, field: string): void {
  const zero = bytes.indexOf(0);
  const wrong = isUtf8(bytes) ? -1 : stretches.findIndex(([start, stop]) => !isUtf8(bytes.subarray(start, stop)));
  const withZero = zero < 0 ? -1 : stretches.findIndex(([, stop]) => zero < stop);
  const refuse = (place: number, what: string) => new InputError([{ field, line: place + 1, message: `the line ${what}. Save the file as UTF-8.` }], file);
  if (withZero >= 0) throw refuse(withZero, 'holds a zero byte, so this is no text, or text in UTF-16');
  if (wrong >= 0) throw refuse(wrong, 'is not UTF-8');
}
