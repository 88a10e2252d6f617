/** Reads the text of a `*.efcp.json` file: JSON with comments, every problem placed by line and column. */
import { findNodeAtLocation, parseTree, printParseErrorCode, getNodeValue, type Node, type ParseError } from 'jsonc-parser';
import { objectSections } from './knobSchema';
import type { Settings } from './knobs';
import { InputError, type Problem } from './problem';
import { checkRunFile, resolveSettings, type RunFile } from './validate';

/** What the file says; that something is missing to make a run of it may come from elsewhere. */
export function parseRunFile(text: string): RunFile {
  return read(text, checkRunFile);
}

/** The same, with the settings of the run that the file alone describes. */
export function resolveRunFile(text: string): { readonly file: RunFile; readonly settings: Settings } {
  return read(text, input => {
    const file = checkRunFile(input);
    return { file, settings: resolveSettings(file) };
  });
}

function read<Result>(text: string, check: (input: unknown) => Result): Result {
  if (text.trim() === '') throw new InputError([emptyFile]);
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  if (errors.length > 0 || tree === undefined) throw new InputError(errors.map(error => syntaxProblem(text, error)));
  try {
    return check(getNodeValue(tree));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.problems.map(problem => ({ ...problem, ...placeOf(text, offsetOf(tree, problem.field)) })));
  }
}

const emptyFile: Problem = { field: '', line: 1, column: 1, message: 'The file is empty. Write for example {"preset": "digits-mlp"}.' };

function syntaxProblem(text: string, { error, offset, length }: ParseError): Problem {
  const found = text.slice(offset, offset + Math.max(1, length)).trim();
  const seen = found === '' ? 'the end of the line or file' : `"${found.slice(0, 40)}"`;
  return { field: '', ...placeOf(text, offset), message: `Malformed JSON at ${seen}: ${words(printParseErrorCode(error))}. Correct the syntax here.` };
}

/** `CloseBraceExpected` to "close brace expected". */
function words(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

/** The property's own key, so that the mark covers the name; the document's start for problems of the whole. */
function offsetOf(tree: Node, field: string): number {
  const paths = field === '' ? [] : [[field], field.split('.'), ...objectSections.flatMap(section => [[section, field], [`${section}.${field}`]])];
  const values = paths.map(path => findNodeAtLocation(tree, path));
  return values.find(value => value !== undefined)?.parent?.offset ?? tree.offset;
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
