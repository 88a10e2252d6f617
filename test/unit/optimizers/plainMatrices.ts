/** Matrices as lists of rows, in float64 and without regard to speed: what the baselines are checked against. */
export type Rows = readonly (readonly number[])[];

export const entriesOf = (matrix: Rows): number[] => matrix.flat();
export const map = (matrix: Rows, change: (value: number, row: number, column: number) => number): number[][] =>
  matrix.map((row, at) => row.map((value, column) => change(value, at, column)));
export const transpose = (matrix: Rows): number[][] => matrix[0]!.map((_, column) => matrix.map(row => row[column]!));
export const scaled = (matrix: Rows, factor: number): number[][] => map(matrix, value => value * factor);
export const sum = (a: Rows, b: Rows): number[][] => map(a, (value, row, column) => value + b[row]![column]!);
export const identity = (n: number): number[][] => Array.from({ length: n }, (_, row) => Array.from({ length: n }, (_, column) => row === column ? 1 : 0));
export const lengthOf = (matrix: Rows): number => Math.hypot(...entriesOf(matrix));

export function product(...factors: readonly Rows[]): Rows {
  return factors.reduce((a, b) => a.map(row => b[0]!.map((_, column) => row.reduce((total, value, inner) => total + value * b[inner]![column]!, 0))));
}

/** A flat list, cut into rows. */
export function rowsOf(values: ArrayLike<number>, columns: number): number[][] {
  return Array.from({ length: values.length / columns }, (_, row) => Array.from({ length: columns }, (_, column) => values[row * columns + column]!));
}

/** Eigenvalues and eigenvectors (as columns) of a symmetric matrix, by Jacobi's rotations. */
export function jacobi(symmetric: Rows): { values: number[]; vectors: Rows } {
  const matrix = map(symmetric, value => value);
  const vectors = identity(matrix.length);
  for (let sweep = 0; sweep < 12; sweep++) {
    for (let p = 0; p < matrix.length; p++) {
      for (let q = p + 1; q < matrix.length; q++) {
        if (matrix[p]![q] === 0) continue;
        const angle = 0.5 * Math.atan2(2 * matrix[p]![q]!, matrix[q]![q]! - matrix[p]![p]!);
        const turn = (one: number, other: number) => [Math.cos(angle) * one - Math.sin(angle) * other, Math.sin(angle) * one + Math.cos(angle) * other] as const;
        for (const row of [...matrix, ...vectors]) [row[p], row[q]] = turn(row[p]!, row[q]!);
        matrix[p]!.forEach((value, column) => { [matrix[p]![column], matrix[q]![column]] = turn(value, matrix[q]![column]!); });
      }
    }
  }
  return { values: matrix.map((row, at) => row[at]!), vectors };
}

/** f(A) of a symmetric matrix, by its eigenvalues. */
export function functionOf(symmetric: Rows, change: (eigenvalue: number) => number): Rows {
  const { values, vectors } = jacobi(symmetric);
  return product(vectors, values.map((value, row) => values.map((_, column) => row === column ? change(value) : 0)), transpose(vectors));
}

/** A random matrix with orthonormal rows and columns. */
export function orthogonal(values: ArrayLike<number>, n: number): Rows {
  const rows: number[][] = [];
  for (const row of rowsOf(values, n)) {
    let rest = row;
    for (const other of [...rows, ...rows]) {
      const along = rest.reduce((total, value, at) => total + value * other[at]!, 0);
      rest = rest.map((value, at) => value - along * other[at]!);
    }
    rows.push(rest.map(value => value / Math.hypot(...rest)));
  }
  return rows;
}
