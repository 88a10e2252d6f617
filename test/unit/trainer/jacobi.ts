/** Eigenvalues of a small symmetric matrix by Jacobi's rotations: slow, obvious, and exact to rounding. Ascending. */
export function jacobiEigenvalues(matrix: readonly (readonly number[])[]): number[] {
  const a = matrix.map(row => [...row]);
  const n = a.length;
  for (let sweep = 0; sweep < 60; sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, p, q);
  }
  return a.map((row, index) => row[index]!).sort((x, y) => x - y);
}

function rotate(a: number[][], p: number, q: number): void {
  if (a[p]![q] === 0) return;
  const angle = 0.5 * Math.atan2(2 * a[p]![q]!, a[q]![q]! - a[p]![p]!);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  for (const row of a) [row[p], row[q]] = [c * row[p]! - s * row[q]!, s * row[p]! + c * row[q]!];
  [a[p], a[q]] = [a[p]!.map((value, at) => c * value - s * a[q]![at]!), a[q]!.map((value, at) => s * a[p]![at]! + c * value)];
}

export function gramOf(rows: readonly (readonly number[])[]): number[][] {
  return rows.map(one => rows.map(other => one.reduce((sum, value, at) => sum + value * other[at]!, 0)));
}
