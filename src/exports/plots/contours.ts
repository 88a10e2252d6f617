/**
 * Level lines of a function of two variables by marching squares: in every cell of a grid the line is where the level lies
 * between two corners, interpolated linearly. Where opposite corners are above, the mean of the four decides.
 */
export interface Grid {
  readonly x: readonly [from: number, to: number];
  readonly y: readonly [from: number, to: number];
  readonly columns: number;
  readonly rows: number;
}

export type Segment = readonly [x1: number, y1: number, x2: number, y2: number];

export function contour(value: (x: number, y: number) => number, level: number, { x, y, columns, rows }: Grid): Segment[] {
  const xAt = (column: number) => x[0] + (x[1] - x[0]) * column / columns;
  const yAt = (row: number) => y[0] + (y[1] - y[0]) * row / rows;
  const segments: Segment[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const corners: Corner[] = ([[0, 0], [1, 0], [1, 1], [0, 1]] as const).map(([right, up]) => {
        const [cornerX, cornerY] = [xAt(column + right), yAt(row + up)];
        return { x: cornerX, y: cornerY, above: value(cornerX, cornerY) - level };
      });
      segments.push(...segmentsOf(corners));
    }
  }
  return segments;
}

interface Corner {
  readonly x: number;
  readonly y: number;
  /** Value less the level. */
  readonly above: number;
}

/** Crossings of the four sides, in order around the cell; two make a segment, four make two. */
function segmentsOf(corners: readonly Corner[]): Segment[] {
  const crossings = corners.flatMap((corner, index) => {
    const next = corners[(index + 1) % 4] ?? corner;
    if ((corner.above > 0) === (next.above > 0)) return [];
    const share = corner.above / (corner.above - next.above);
    return [[corner.x + share * (next.x - corner.x), corner.y + share * (next.y - corner.y)] as const];
  });
  const [a, b, c, d] = crossings;
  if (a === undefined || b === undefined) return [];
  if (c === undefined || d === undefined) return [[...a, ...b]];
  const centreIsAbove = corners.reduce((sum, { above }) => sum + above, 0) > 0;
  return centreIsAbove === ((corners[0]?.above ?? 0) > 0) ? [[...a, ...b], [...c, ...d]] : [[...d, ...a], [...b, ...c]];
}
