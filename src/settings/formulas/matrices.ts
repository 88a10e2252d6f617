/**
 * Tensors seen as matrices. A convolution kernel of TensorFlow.js is [height, width, in, out], a dense one [in, out]: with the
 * last dimension across, a matrix maps what a unit sees to what it says, which is what Muon, Shampoo and SOAP work on.
 * Adafactor, like low rank, takes the first dimension against the rest.
 */
import type { ParameterSpace, TensorPlace } from '../parameterSpace';

export type MatrixPlace = {
  readonly start: number;
  readonly length: number;
  readonly rows: number;
  readonly columns: number;
};

/** The first dimension by the rest; undefined for tensors of fewer than two dimensions. */
export function firstByRest({ shape, start, length }: TensorPlace): MatrixPlace | undefined {
  const [rows = 0] = shape;
  return shape.length < 2 || length === 0 ? undefined : { start, length, rows, columns: length / rows };
}

/** All dimensions but the last by the last; undefined for tensors of fewer than two dimensions. */
export function restByLast({ shape, start, length }: TensorPlace): MatrixPlace | undefined {
  const columns = shape.at(-1) ?? 0;
  return shape.length < 2 || length === 0 ? undefined : { start, length, rows: length / columns, columns };
}

/** The tensors that are matrices under a view, and those that are not; tensors without entries are neither. */
export function splitMatrices({ tensors }: ParameterSpace, view: (tensor: TensorPlace) => MatrixPlace | undefined): { matrices: MatrixPlace[]; vectors: TensorPlace[] } {
  return {
    matrices: tensors.flatMap(tensor => view(tensor) ?? []),
    vectors: tensors.filter(tensor => tensor.length > 0 && view(tensor) === undefined),
  };
}

/** A matrix and those of its sides that are short enough to be preconditioned. */
export type SidedPlace = MatrixPlace & {
  readonly hasLeft: boolean;
  readonly hasRight: boolean;
};

export function sidesOf(place: MatrixPlace, matrixLimit: number): SidedPlace {
  return { ...place, hasLeft: place.rows <= matrixLimit, hasRight: place.columns <= matrixLimit };
}

/** A tensor of one dimension as a matrix with a left side only. */
export function leftSideOf({ start, length }: TensorPlace, matrixLimit: number): SidedPlace {
  return { start, length, rows: length, columns: 1, hasLeft: length <= matrixLimit, hasRight: false };
}

/** The longest side there is a square matrix for; 0 where there is none. */
export function longestSquare(places: readonly SidedPlace[]): number {
  return places.reduce((longest, { rows, columns, hasLeft, hasRight }) => Math.max(longest, hasLeft ? rows : 0, hasRight ? columns : 0), 0);
}

/** The longest side of the matrices that have a side to be preconditioned; 0 where there is none. */
export function longestInner(places: readonly SidedPlace[]): number {
  return places.reduce((longest, { rows, columns, hasLeft, hasRight }) => hasLeft || hasRight ? Math.max(longest, rows, columns) : longest, 0);
}
