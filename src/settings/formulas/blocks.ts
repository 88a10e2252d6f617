/**
 * How Top-K cuts the flat vector into blocks, and how many entries it keeps in each. Blocks run over the whole vector, from
 * one end to the other; only a tensor that is kept exactly interrupts them.
 */
import { tensorSettings, type ParameterGroup } from '../parameterGroups';
import type { ParameterSpace } from '../parameterSpace';

export interface SparseSettings {
  readonly density: number;
  readonly blockSize: number | null;
  readonly groups: readonly ParameterGroup[];
}

/** A run of consecutive parameters, cut into blocks of `blockSize` entries; the last may be shorter. */
export interface Run {
  readonly start: number;
  readonly length: number;
  readonly blockSize: number;
  /** Entries kept in every block but the last, and in the last: ceil(length * density), at least 1. */
  readonly keptPerBlock: number;
  readonly keptInLast: number;
}

export function runsOf({ density, blockSize, groups }: SparseSettings, { dimension, tensors }: ParameterSpace): Run[] {
  const exact = groups.length === 0 ? [] : tensors.filter(tensor => tensor.length > 0 && tensorSettings(groups, tensor).exact);
  const runs: Run[] = [];
  let start = 0;
  for (const tensor of exact) {
    if (tensor.start > start) runs.push(run(start, tensor.start - start, density, blockSize));
    runs.push(run(tensor.start, tensor.length, 1, blockSize));
    start = tensor.start + tensor.length;
  }
  if (dimension > start) runs.push(run(start, dimension - start, density, blockSize));
  return runs;
}

function run(start: number, length: number, density: number, blockSize: number | null): Run {
  const size = Math.min(blockSize ?? length, length);
  const last = length - (Math.ceil(length / size) - 1) * size;
  return { start, length, blockSize: size, keptPerBlock: keptOf(size, density), keptInLast: keptOf(last, density) };
}

export function keptOf(length: number, density: number): number {
  return Math.min(length, Math.max(1, Math.ceil(length * density)));
}

/** k, the entries kept of the whole vector. */
export function keptIn(runs: readonly Run[]): number {
  return runs.reduce((sum, { length, blockSize, keptPerBlock, keptInLast }) => sum + (Math.ceil(length / blockSize) - 1) * keptPerBlock + keptInLast, 0);
}

/** Indices are relative to at most 65,536 entries, which two bytes reach; a longer block needs four. */
export function bytesPerIndex(runs: readonly Run[]): 2 | 4 {
  return runs.some(({ blockSize }) => blockSize > 65_536) ? 4 : 2;
}
