/** Two text files of the user's, German and English, line by line. */
import { InputError } from '../../../settings/problem';
import { readLines } from '../readLines';
import { isEvery23rd, type Corpus, type LinePair } from './corpus';

/**
 * Lines that are empty in both files are left out. One that is empty in one file alone is refused: as a rule the files have gone out
 * of step there. Throws InputError with file and line.
 */
export function parallel(sourceFile: string | null, targetFile: string | null): Corpus {
  const [sourceName, targetName] = [named(sourceFile, 'sourceFile'), named(targetFile, 'targetFile')];
  const [sources, targets] = [readLines(sourceName, 'sourceFile'), readLines(targetName, 'targetFile')];
  refuseUneven(sources.length, targets.length, sourceName, targetName, 'targetFile');
  const pairs: LinePair[] = [];
  for (const [place, source] of sources.entries()) {
    const target = targets[place] ?? '';
    const [noSource, noTarget] = [isBlank(source), isBlank(target)];
    if (noSource !== noTarget) throw lonely(place + 1, noSource ? ['sourceFile', sourceName, targetName] : ['targetFile', targetName, sourceName]);
    if (!noSource) pairs.push({ source, target });
  }
  const empty = sources.length - pairs.length;
  return { name: 'parallel', pairs, isHeldOut: isEvery23rd, leftOut: empty > 0 ? [{ lines: empty, what: 'empty lines' }] : [] };
}

export function refuseUneven(sources: number, targets: number, sourceFile: string, targetFile: string, field: string): void {
  if (sources === targets) return;
  throw new InputError([{ field, line: Math.min(sources, targets) + 1, message: `${sourceFile} has ${sources} lines, but ${targetFile} has ${targets}; each line must have its translation in the same line of the other file. Bring files that go together.` }], sources < targets ? sourceFile : targetFile);
}

function named(file: string | null, field: string): string {
  if (file === null) throw new InputError([{ field, message: `data is "parallel", but ${field} is null; it must be the path of a text file. Set ${field}, or choose other data.` }]);
  return file;
}

function isBlank(line: string): boolean {
  return /^\p{White_Space}*$/u.test(line);
}

function lonely(line: number, [field, file, other]: readonly [string, string, string]): InputError {
  return new InputError([{ field, line, message: `the line is empty, but line ${line} of ${other} is not. Put its translation there, or take the line out of both files.` }], file);
}
