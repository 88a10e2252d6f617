/** Rows of a bench as they come: one JSON list, or a table for every group of them. */
export interface RowsOut<Row> {
  add(row: Row): void;
  end(): void;
}

/** One list, whole even when it is cut short; a row a line. */
export function jsonRows<Row>(out: NodeJS.WriteStream): RowsOut<Row> {
  let before = '[\n';
  return {
    add: row => {
      out.write(`${before}${JSON.stringify(row)}`);
      before = ',\n';
    },
    end: () => { out.write(before === '[\n' ? '[]\n' : '\n]\n'); },
  };
}

/** A table for all rows that have the same `group`, as soon as another begins. */
export function tableRows<Row>(out: NodeJS.WriteStream, group: (row: Row) => unknown, table: (rows: readonly Row[]) => string): RowsOut<Row> {
  let rows: Row[] = [];
  const flush = () => {
    if (rows.length > 0) out.write(`${table(rows)}\n\n`);
    rows = [];
  };
  return {
    add: row => {
      if (rows.some(other => group(other) !== group(row))) flush();
      rows.push(row);
    },
    end: flush,
  };
}
