/** Reads files of fields between tabs. Quotation marks are characters like any other. */
import { InputError } from '../../../settings/problem';
import { readLines } from '../readLines';
import type { Table } from './glueTasks';

export interface Row {
  /** Where it stands in the file, counted from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** Throws InputError with file and line where the columns are others, a line has more or fewer fields, or there is no example. */
export function readTable(path: string, { columns, headed }: Pick<Table, 'columns' | 'headed'>): Row[] {
  const rows = readLines(path, 'data').map((text, place) => ({ line: place + 1, fields: text.split('\t') }));
  const named = columns.join(', ');
  if (headed) {
    const found = rows.shift()?.fields.map(field => field.trim()) ?? [];
    if (found.join('\t') !== columns.join('\t')) throw refusal(path, 1, `the first line names the columns ${found.join(', ') || 'not at all'}, but must name ${named}. Bring the published file, with tabs between its columns.`);
  }
  if (rows.length === 0) throw refusal(path, headed ? 2 : 1, `the file holds no example. It is cut short; bring it again.`);
  for (const { line, fields } of rows) {
    if (fields.length === 1 && fields[0] === '') throw refusal(path, line, `the line is empty, but must have ${columns.length} fields: ${named}. Remove it, or bring the file again.`);
    if (fields.length !== columns.length) throw refusal(path, line, `the line has ${fields.length} ${fields.length === 1 ? 'field' : 'fields'}, but must have ${columns.length}: ${named}. ${line === rows.at(-1)?.line && fields.length < columns.length ? 'The file is cut short; bring it again.' : 'Correct it, or bring the file again.'}`);
  }
  return rows;
}

export function refusal(path: string, line: number, message: string): InputError {
  return new InputError([{ field: 'data', line, message }], path);
}
