/** Files of merges as the program subword-nmt writes them: a line that names the version, then a merge a line. */
import { InputError } from '../../../settings/problem';
import { readLines } from '../readLines';
import type { Merge } from './learnMerges';

const header = '#version: 0.2';

/** Throws InputError with file and line where it is another kind of file. */
export function readCodes(file: string, field: string): Merge[] {
  const [first = '', ...lines] = readLines(file, field);
  const refuse = (line: number, message: string) => new InputError([{ field, line, message }], file);
  if (first !== header) throw refuse(1, `the line is "${first.slice(0, 40)}", but a file of byte-pair merges begins with "${header}". Name a file that subword-nmt's learn-bpe wrote, or none.`);
  return lines.map((line, place) => {
    const [left, right, ...more] = line.split(' ');
    if (!left || !right || more.length > 0) throw refuse(place + 2, `the line is "${line.slice(0, 40)}", but a merge is two symbols with one space between them. Make the file anew with subword-nmt's learn-bpe.`);
    return [left, right] as const;
  });
}
