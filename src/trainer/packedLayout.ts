/**
 * How the stored entries of all parameters lie in one vector, tensor after tensor: all entries of a dense tensor, the non-zeros of a
 * sparse one in the order of their positions. Parameters, gradients and the optimizer's buffers share it.
 */
import { bytesOfIndex, createIndex, nonZerosOf, type SparseIndex } from '../sparsity/sparseIndex';
import type { SavedState } from '../optimizers/savedState';
import { distinct, drawsOf } from '../sparsity/sample';
import { initialNonZeros, sparseTensors, type SparseWeights } from '../settings/sparseTensors';
import { parameterSpace, type Shaped } from '../settings/parameterSpace';

export interface StoredTensorPlace extends Shaped {
  /** Entries of the tensor, zeros included. */
  readonly length: number;
  /** Its first stored entry, and how many it has. */
  readonly start: number;
  readonly count: number;
  /** Undefined where all entries are stored. */
  readonly index: SparseIndex | undefined;
}

export interface PackedLayout {
  readonly tensors: readonly StoredTensorPlace[];
  /** Entries stored in all. */
  readonly length: number;
  readonly indexBytes: number;
}

/** With masks drawn uniformly, of as many entries as the density gives each sparse tensor. */
export function initialLayout(tensors: readonly Shaped[], settings: SparseWeights & { readonly seed: number }): PackedLayout {
  const isSparse = sparseTensors(settings, tensors);
  const draw = drawsOf(settings.seed, 0);
  return layoutOf(tensors, parameterSpace(tensors).tensors.map(({ length }, at) =>
    isSparse[at] === true ? createIndex(distinct(initialNonZeros(length, settings.weightDensity), length, draw), length) : undefined));
}

export function layoutOf(tensors: readonly Shaped[], indexes: readonly (SparseIndex | undefined)[]): PackedLayout {
  let end = 0;
  const places = parameterSpace(tensors).tensors.map(({ name, shape, length }, at) => {
    const index = indexes[at];
    const count = index === undefined ? length : nonZerosOf(index);
    const start = end;
    end += count;
    return { name, shape, length, start, count, index };
  });
  return { tensors: places, length: end, indexBytes: places.reduce((sum, { index }) => sum + (index === undefined ? 0 : bytesOfIndex(index)), 0) };
}

/** The masks as part of a saved state: by number of the tensor. */
export function masksOf({ tensors }: PackedLayout): { readonly [tensor: string]: SparseIndex } {
  return Object.fromEntries(tensors.flatMap(({ index }, at) => index === undefined ? [] : [[String(at), index]]));
}

/** The mask of a tensor in a saved state; undefined where all its entries are stored. */
export function maskFrom({ arrays }: Pick<SavedState, 'arrays'>, tensor: number, length: number): SparseIndex | undefined {
  const find = (name: string) => arrays[`masks.${tensor}.${name}`];
  const [bitmask, columnIndices, rowPointers] = [find('bitmask'), find('columnIndices'), find('rowPointers')];
  if (bitmask instanceof Uint8Array) return { length, bitmask };
  if (columnIndices instanceof Uint16Array && rowPointers instanceof Uint32Array) return { length, columnIndices, rowPointers };
  return undefined;
}

export function isSparse({ tensors }: PackedLayout): boolean {
  return tensors.some(({ index }) => index !== undefined);
}

/** Stored entries of sparse tensors. */
export function sparseEntries({ tensors }: PackedLayout): number {
  return tensors.reduce((sum, { index, count }) => sum + (index === undefined ? 0 : count), 0);
}
