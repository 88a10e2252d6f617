/**
 * Muon (2024; scaled as in Moonlight, arXiv 2502.16982): the momentum of a matrix, made nearly orthogonal.
 *
 *   v = momentum v + g,   x = g + momentum v (Nesterov),   u = 0.2 sqrt(max(A, B)) NewtonSchulz(x / |x|)
 *
 * for a tensor seen as A = all dimensions but the last by B = the last one. The factor gives u the root mean square of
 * Adam's updates, about 0.2, so that both can share a learning rate: tensors of fewer than two dimensions take AdamW's, with
 * its beta1, beta2 and epsilon.
 *
 * Holds 4 bytes per entry of a matrix (none at momentum 0), 8 per entry of other tensors, and as scratch two matrices of the
 * longest shorter side s, 8 s^2.
 */
import { createProductScratch, matrixOf } from '../kernels/matrixProduct';
import { newtonSchulz, type NewtonSchulzScratch } from '../kernels/newtonSchulz';
import { norm, scaleRange } from '../kernels/norm';
import { saturate } from '../kernels/saturate';
import { restByLast, splitMatrices, type MatrixPlace } from '../settings/formulas/matrices';
import type { Settings } from '../settings/knobs';
import { adamStep, createMoments, type AdamState } from './adam';
import type { Transformation } from './transformation';

type MuonMatrix = MatrixPlace & { readonly velocity: Float32Array | undefined /* [A, B] */ };

export type MuonState = {
  readonly matrices: readonly MuonMatrix[];
  readonly vectors: readonly ({ readonly start: number } & AdamState)[];
  readonly scratch: NewtonSchulzScratch | undefined;
};

export function scaleByMuon(live: Pick<Settings, 'momentum' | 'beta1' | 'beta2' | 'epsilon'>): Transformation<MuonState> {
  const velocityFor = (length: number) => live.momentum > 0 ? new Float32Array(length) : undefined;
  return {
    name: 'muon',
    init: space => {
      const { matrices, vectors } = splitMatrices(space, restByLast);
      return {
        matrices: matrices.map(place => ({ ...place, velocity: velocityFor(place.length) })),
        vectors: vectors.map(({ start, length }) => ({ start, ...createMoments(length) })),
        scratch: createScratch(matrices),
      };
    },
    update: ({ dense }, { matrices, vectors, scratch }, _parameters, step) => {
      for (const vector of vectors) adamStep(dense, vector.start, vector, live, step);
      if (scratch === undefined) return;
      for (const matrix of matrices) {
        if (matrix.velocity !== undefined) lookAhead(dense, matrix.start, matrix.velocity, live.momentum);
        orthogonalize(dense, matrix, scratch);
      }
    },
    remap: state => {
      if (state.matrices.every(({ velocity }) => (velocity !== undefined) === live.momentum > 0)) return state;
      return { ...state, matrices: state.matrices.map(matrix => ({ ...matrix, velocity: velocityFor(matrix.length) })) };
    },
  };
}

function createScratch(matrices: readonly MatrixPlace[]): NewtonSchulzScratch | undefined {
  if (matrices.length === 0) return undefined;
  const side = Math.max(...matrices.map(({ rows, columns }) => Math.min(rows, columns)));
  const longest = Math.max(...matrices.map(({ rows, columns }) => Math.max(rows, columns)));
  return { square: new Float32Array(side * side), polynomial: new Float32Array(side * side), product: createProductScratch(longest) };
}

/** Nesterov's momentum: g becomes g + momentum v. */
function lookAhead(dense: Float32Array, start: number, velocity: Float32Array, momentum: number): void {
  for (let at = 0; at < velocity.length; at++) {
    const gradient = dense[start + at] ?? 0;
    const moved = saturate(momentum * (velocity[at] ?? 0) + gradient);
    velocity[at] = moved;
    dense[start + at] = saturate(gradient + momentum * moved);
  }
}

function orthogonalize(dense: Float32Array, { start, length, rows, columns }: MatrixPlace, scratch: NewtonSchulzScratch): void {
  const size = norm(dense, start, start + length);
  if (size === 0) return;
  scaleRange(dense, 1 / size, start, start + length);
  newtonSchulz(matrixOf(dense, rows, columns, start), scratch);
  scaleRange(dense, 0.2 * Math.sqrt(Math.max(rows, columns)), start, start + length);
}
