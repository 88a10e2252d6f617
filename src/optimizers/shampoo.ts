/**
 * Shampoo (arXiv 1802.09568): both sides of a matrix gradient G [A, B] are preconditioned by the statistics of that side.
 *
 *   L = beta2 L + (1 - beta2) G G^T,   R = beta2 R + (1 - beta2) G^T G     (beta2 = 1: the sums, L + G G^T and R + G^T G)
 *   P = (L' + epsilon I)^-1/4 G (R' + epsilon I)^-1/4,   u = P |G| / |P|
 *
 * L' = L / (1 - beta2^t), bias-corrected; the sum itself at beta2 = 1. The roots are computed at step 1 and then every
 * `preconditionInterval` steps. Tensors are seen as all dimensions but the last by the last one. Sides longer than
 * `matrixLimit` are left alone; a matrix with one side left, and a tensor of one dimension, takes the root -1/2 on it.
 * The length of u is grafted from the gradient, tensor by tensor (arXiv 2002.11803): it costs no memory, and the learning
 * rate means what it means for SGD. Momentum follows.
 *
 * Holds 8 A^2 + 8 B^2 bytes for a matrix, and as scratch one of the longest side in float64.
 */
import { createProductScratch, gramOf, matrixOf, matrixProduct, transposed, type Matrix } from '../kernels/matrixProduct';
import { norm, scaleRange } from '../kernels/norm';
import { saturate } from '../kernels/saturate';
import { leftSideOf, longestInner, longestSquare, restByLast, sidesOf, splitMatrices, type MatrixPlace } from '../settings/formulas/matrices';
import type { Settings } from '../settings/knobs';
import { largestSquarable } from './adam';
import { chain } from './chain';
import { symmetricPower, type EigenScratch } from './matrices/symmetricPower';
import { applyMomentum, type MomentumState } from './momentum';
import type { Transformation } from './transformation';

type Side = { readonly statistics: Float32Array /* [n, n] */; readonly roots: Float32Array /* [n, n] */ };
type ShampooMatrix = MatrixPlace & { readonly left: Side | undefined; readonly right: Side | undefined };

export type ShampooState = {
  readonly matrices: readonly ShampooMatrix[];
  readonly scratch: ShampooScratch | undefined;
};
type ShampooScratch = EigenScratch & { readonly product: Float64Array };

type ShampooSettings = Pick<Settings, 'beta2' | 'epsilon' | 'preconditionInterval' | 'matrixLimit'>;

export function scaleByShampoo(live: ShampooSettings & Pick<Settings, 'momentum'>): Transformation<readonly [ShampooState, MomentumState]> {
  return chain(preconditionSides(live), applyMomentum(() => live.momentum));
}

function preconditionSides(live: ShampooSettings): Transformation<ShampooState> {
  return {
    name: 'shampoo',
    init: space => {
      const { matrices, vectors } = splitMatrices(space, restByLast);
      const places = [...matrices.map(place => sidesOf(place, live.matrixLimit)), ...vectors.map(tensor => leftSideOf(tensor, live.matrixLimit))];
      const side = longestSquare(places);
      return {
        matrices: places.map(({ start, length, rows, columns, hasLeft, hasRight }) => ({
          start, length, rows, columns, left: hasLeft ? createSide(rows) : undefined, right: hasRight ? createSide(columns) : undefined,
        })),
        scratch: side === 0 ? undefined
          : { square: new Float64Array(side * side), values: new Float64Array(side), beside: new Float64Array(side), product: createProductScratch(longestInner(places)) },
      };
    },
    update: ({ dense }, { matrices, scratch }, _parameters, step) => {
      if (scratch !== undefined) for (const matrix of matrices) precondition(dense, matrix, live, step, scratch);
    },
  };
}

function createSide(n: number): Side {
  const roots = new Float32Array(n * n);
  for (let at = 0; at < n; at++) roots[at * n + at] = 1;
  return { statistics: new Float32Array(n * n), roots };
}

/** In terms of the gradient's direction G / |G|, whose products stay within float32 whatever |G| is. */
function precondition(dense: Float32Array, { start, length, rows, columns, left, right }: ShampooMatrix, live: ShampooSettings, step: number, scratch: ShampooScratch): void {
  const size = norm(dense, start, start + length);
  scaleRange(dense, size > 0 ? 1 / size : 0, start, start + length);
  const gradient = matrixOf(dense, rows, columns, start);
  const power = left === undefined || right === undefined ? -1 / 2 : -1 / 4;
  const bounded = Math.min(size, largestSquarable);
  if (left !== undefined) updateSide(gradient, left, bounded, power, live, step, scratch);
  if (right !== undefined) updateSide(transposed(gradient), right, bounded, power, live, step, scratch);
  if (left !== undefined) matrixProduct(transposed(gradient), matrixOf(left.roots, rows, rows), transposed(gradient), scratch.product);
  if (right !== undefined) matrixProduct(gradient, matrixOf(right.roots, columns, columns), gradient, scratch.product);
  const preconditioned = norm(dense, start, start + length);
  const factor = preconditioned > 0 ? size / preconditioned : 0;
  for (let at = start; at < start + length; at++) dense[at] = saturate((dense[at] ?? 0) * factor);
}

/** The statistics of the rows of a gradient of length `size` and direction `direction`; their root where it is due. */
function updateSide(direction: Matrix, { statistics, roots }: Side, size: number, power: number, live: ShampooSettings, step: number, scratch: ShampooScratch): void {
  const { beta2, epsilon, preconditionInterval } = live;
  const n = direction.rows;
  const [keep, weight, correction] = beta2 < 1 ? [beta2, 1 - beta2, 1 - beta2 ** step] : [1, 1, 1];
  gramOf(direction, matrixOf(statistics, n, n), scratch.product, weight * size * size, keep);
  if ((step - 1) % preconditionInterval === 0) symmetricPower(statistics, n, 1 / correction, epsilon, power, roots, scratch);
}
