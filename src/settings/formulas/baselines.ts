/**
 * The baselines, tensor by tensor: what each holds between two steps, and the scratch it needs during one. Matrices have
 * A rows, B columns, n entries and a shorter side s; a tensor of one dimension has n entries.
 *   adamw        first and second moment 4 n each
 *   adamw-8bit   first and second moment n codes and 4 bytes for each block of 256, where n is 4096 or more
 *   adafactor    second moment 4 (A + B), or 4 n
 *   muon         velocity 4 n, or Adam's moments
 *   shampoo      statistics and roots 4 A^2 + 4 B^2 each; 4 n^2 each; velocity 4 n; sides beyond the limit hold nothing
 *   soap         statistics and bases 4 A^2 + 4 B^2 each, and Adam's moments
 */
import type { Settings } from '../knobs';
import type { ParameterSpace } from '../parameterSpace';
import type { StateBytes } from '../stateBytes';
import { firstByRest, leftSideOf, longestInner, longestSquare, restByLast, sidesOf, splitMatrices, type SidedPlace } from './matrices';
import { velocity } from './windows';

type Formula = (settings: Settings, space: ParameterSpace) => StateBytes;

interface Sized {
  readonly length: number;
}

const entries = (places: readonly Sized[]) => places.reduce((sum, { length }) => sum + length, 0);
const longest = (lengths: readonly number[]) => lengths.reduce((most, length) => Math.max(most, length), 0);

/** What products of matrices with an inner side of up to `inner` entries copy to, in float64. */
const productBytes = (inner: number) => 8 * (34 * inner + 8);

const squaresOf = ({ rows, columns, hasLeft, hasRight }: SidedPlace) => (hasLeft ? rows * rows : 0) + (hasRight ? columns * columns : 0);

export const adamwBytes: Formula = (_settings, { dimension }) => ({ firstMoment: 4 * dimension, secondMoment: 4 * dimension });

/** Entries that share one scale, and how many a tensor needs to be held in 8 bits at all. */
export const quantizedBlock = 256;
export const quantizedFrom = 4096;

export const adamw8bitBytes: Formula = (_settings, { tensors }) => {
  const moment = tensors.reduce((sum, { length }) => sum + (length < quantizedFrom ? 4 * length : length + 4 * Math.ceil(length / quantizedBlock)), 0);
  return { firstMoment: moment, secondMoment: moment, ...(tensors.some(({ length }) => length >= quantizedFrom) ? { scratch: 16 * quantizedBlock } : {}) };
};

export const adafactorBytes: Formula = (_settings, space) => {
  const { matrices, vectors } = splitMatrices(space, firstByRest);
  const factors = matrices.reduce((sum, { rows, columns }) => sum + rows + columns, 0);
  return { ...some('secondMoment', 4 * factors + 4 * entries(vectors)), ...some('scratch', 8 * longest(matrices.map(({ columns }) => columns))) };
};

export const muonBytes: Formula = ({ momentum }, space) => {
  const { matrices, vectors } = splitMatrices(space, restByLast);
  const side = longest(matrices.map(({ rows, columns }) => Math.min(rows, columns)));
  const inner = longest(matrices.map(({ rows, columns }) => Math.max(rows, columns)));
  return {
    ...(momentum > 0 ? some('velocity', 4 * entries(matrices)) : {}),
    ...some('firstMoment', 4 * entries(vectors)), ...some('secondMoment', 4 * entries(vectors)),
    ...some('scratch', matrices.length === 0 ? 0 : 8 * side * side + productBytes(inner)),
  };
};

export const shampooBytes: Formula = (settings, space) => {
  const { matrices, vectors } = splitMatrices(space, restByLast);
  const places = [...matrices.map(place => sidesOf(place, settings.matrixLimit)), ...vectors.map(tensor => leftSideOf(tensor, settings.matrixLimit))];
  const squares = places.reduce((sum, place) => sum + squaresOf(place), 0);
  return { ...some('statistics', 4 * squares), ...some('roots', 4 * squares), ...some('scratch', sidedScratch(places)), ...velocity(settings, space) };
};

export const soapBytes: Formula = (settings, space) => {
  const places = splitMatrices(space, restByLast).matrices.map(place => sidesOf(place, settings.matrixLimit));
  const squares = places.reduce((sum, place) => sum + squaresOf(place), 0);
  return { ...adamwBytes(settings, space), ...some('statistics', 4 * squares), ...some('bases', 4 * squares), ...some('scratch', sidedScratch(places)) };
};

/** A square matrix in float64 with its eigenvalues and a vector, and products. */
function sidedScratch(places: readonly SidedPlace[]): number {
  const side = longestSquare(places);
  return side === 0 ? 0 : 8 * side * side + 16 * side + productBytes(longestInner(places));
}

/** A part that is absent where it holds nothing. */
function some(part: keyof StateBytes, bytes: number): StateBytes {
  return bytes === 0 ? {} : { [part]: bytes };
}
