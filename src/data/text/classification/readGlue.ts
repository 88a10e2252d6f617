/** The examples of a GLUE task, from its two files: sentences, and the number of their class or their mark. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { LeftOut } from '../text';
import { glueTasks, type Edition, type GlueName, type GlueTask, type Table } from './glueTasks';
import { readTable, refusal } from './readTable';

export interface LabelledText {
  readonly sentences: readonly [string] | readonly [string, string];
  readonly label: number;
}

export interface LabelledTexts {
  /** Absent where labels are marks. */
  readonly classes?: readonly string[];
  readonly train: readonly LabelledText[];
  readonly validation: readonly LabelledText[];
  readonly leftOut?: readonly LeftOut[];
}

const highestMark = 5;

/** Throws InputError with file and line. */
export function readGlue(name: GlueName, folder: string): LabelledTexts {
  const task = glueTasks[name];
  const { train, validation } = editionIn(task, folder);
  return { ...(task.classes === undefined ? {} : { classes: task.classes }), train: readExamples(task, train, folder), validation: readExamples(task, validation, folder) };
}

function editionIn({ editions }: GlueTask, folder: string): Edition {
  return editions.find(({ train, validation }) => [train, validation].every(({ file }) => existsSync(path.join(folder, file)))) ?? editions[0];
}

function readExamples(task: GlueTask, table: Table, folder: string): LabelledText[] {
  const file = path.join(folder, table.file);
  const label = table.columns.indexOf(task.label);
  const [first = 0, second] = task.sentences.map(column => table.columns.indexOf(column));
  return readTable(file, table).map(({ line, fields }) => {
    const sentence = (column: number) => (fields[column] ?? '').trim();
    // Of a pair one may be empty: somebody did ask an empty question.
    const sentences = second === undefined ? [sentence(first)] as const : [sentence(first), sentence(second)] as const;
    if (sentences.every(text => text === '')) throw refusal(file, line, `${task.sentences.join(' and ')} ${second === undefined ? 'is' : 'are'} empty, but must hold a sentence. Correct the line, or bring the file again.`);
    return { sentences, label: labelOf(fields[label] ?? '', task, file, line) };
  });
}

function labelOf(text: string, { classes, label }: GlueTask, file: string, line: number): number {
  const written = text.trim();
  const known = classes?.indexOf(written) ?? (/^\d+(\.\d*)?$/.test(written) && Number(written) <= highestMark ? Number(written) : -1);
  if (known < 0) throw refusal(file, line, `the field ${label} is "${written}", but must be ${classes === undefined ? `a mark from 0 to ${highestMark}` : `one of ${classes.join(', ')}`}. Correct the line, or bring the file again.`);
  return known;
}
