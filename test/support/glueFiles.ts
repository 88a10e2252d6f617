/** Files of GLUE's tasks in miniature: the columns of the published ones, with a few made-up examples. */
import { glueTasks, type Edition, type GlueName, type Table } from '../../src/data/text/classification/glueTasks';

/** The text of each file, by its name. */
export function glueFiles(name: GlueName, { train, validation }: Edition = glueTasks[name].editions[0], rows: readonly [train: number, validation: number] = [5, 2]): Record<string, string> {
  return { [train.file]: table(name, train, rows[0]), [validation.file]: table(name, validation, rows[1]) };
}

/** The same edition, as if it had been published with so many rows. */
export function editionOf({ train, validation }: Edition, [trainRows, validationRows]: readonly [number, number]): Edition {
  return { train: { ...train, rows: trainRows }, validation: { ...validation, rows: validationRows } };
}

function table(name: GlueName, { columns, headed }: Table, rows: number): string {
  const { sentences, label, classes } = glueTasks[name];
  const lines = Array.from({ length: rows }, (_, row) => columns.map((column, place) => {
    if (column === label) return classes?.[row % classes.length] ?? String(row * 0.75);
    if ((sentences as readonly string[]).includes(column)) return `"Sentence ${row} of ${column}, it's "quoted" `;
    return `${column}-${place}`;
  }).join('\t'));
  return [...(headed ? [columns.join('\t')] : []), ...lines, ''].join('\n');
}
