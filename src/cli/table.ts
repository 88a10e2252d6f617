/** Columns padded to the widest cell; the columns numbered in `alignRight` stand to the right. */
export function formatTable(rows: readonly (readonly string[])[], alignRight: readonly number[] = []): string {
  const widths = rows.reduce<number[]>((widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, cell.length)), []);
  return rows.map(row => `  ${row.map((cell, column) => alignRight.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}`).join('\n');
}
