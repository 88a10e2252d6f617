/**
 * Bytes of parameters, gradients and optimizer state where they are stored as non-zeros only, or in two bytes. With z entries stored
 * in all, b bytes each (4, or 2 in float16 and bfloat16):
 *   parameters       b z, and the index of every sparse tensor (sparseIndex.ts), which gradients and moments share
 *   gradients        b z, or nothing where updates are fused
 *   optimizer state  b z for each buffer of sgd and adamw; of others what they hold for vectors of z entries; 4 z for the copy in float32
 */
import type { Settings } from '../knobs';
import { hasMaster, isElementwise } from '../memoryTechniques';
import { parameterSpace, type ParameterSpace, type Shaped } from '../parameterSpace';
import { sparseTensors, storedCounts } from '../sparseTensors';
import { indexBytes } from './sparseIndex';

type Sparse = Pick<Settings, 'weightDensity' | 'groups'>;
type Stored = Sparse & Pick<Settings, 'parameterPrecision'>;

export function bytesPerStored(precision: Settings['parameterPrecision']): 2 | 4 {
  return precision === 'float32' ? 4 : 2;
}

/** `counts`: entries stored of each tensor; where they are not given, those at the start. */
export function parametersBytes(settings: Stored, tensors: readonly Shaped[], counts = storedCounts(settings, tensors)): number {
  const isSparse = sparseTensors(settings, tensors);
  const lengths = parameterSpace(tensors).tensors.map(({ length }) => length);
  return counts.reduce((sum, count, at) => sum + bytesPerStored(settings.parameterPrecision) * count + (isSparse[at] === true ? indexBytes(lengths[at] ?? 0, count) : 0), 0);
}

export function gradientBytes(settings: Stored & Pick<Settings, 'fusedUpdate'>, tensors: readonly Shaped[]): number {
  return settings.fusedUpdate ? 0 : bytesPerStored(settings.parameterPrecision) * totalStored(settings, tensors);
}

export function totalStored(settings: Sparse, tensors: readonly Shaped[]): number {
  return storedCounts(settings, tensors).reduce((sum, count) => sum + count, 0);
}

/** The tensors as an optimizer that works on all entries at once sees them: of sparse ones the non-zeros, in one dimension. */
export function storedSpace(settings: Sparse, tensors: readonly Shaped[], counts = storedCounts(settings, tensors)): ParameterSpace {
  const isSparse = sparseTensors(settings, tensors);
  return parameterSpace(tensors.map(({ name, shape }, at) => ({ name, shape: isSparse[at] === true ? [counts[at] ?? 0] : shape })));
}

/** `whole`: what the optimizer holds for a space, in float32. */
export function packedStateBytes<Bytes extends Readonly<Record<string, number | undefined>>>(
  settings: Settings, tensors: readonly Shaped[], whole: (space: ParameterSpace) => Bytes,
): Bytes & { masterCopy?: number } {
  const held = whole(storedSpace(settings, tensors));
  const width = isElementwise(settings.optimizer) ? bytesPerStored(settings.momentPrecision) / 4 : 1;
  const scaled = Object.fromEntries(Object.entries(held).map(([part, bytes = 0]) => [part, width * bytes])) as Bytes;
  return { ...scaled, ...(hasMaster(settings) ? { masterCopy: 4 * totalStored(settings, tensors) } : {}) };
}
