/** Moves of numbers without arithmetic: single rows of a window, entries by their index. Bits arrive as they were. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { another, compute, computeInto, type Shader } from './program';

const lanes = 128;

const forEach = (count: number, name: string, inputs: Record<string, TensorInfo>, integers: Record<string, number>, body: string): Shader => ({
  name, inputs, integers: { count, ...integers }, workgroups: Math.ceil(count / lanes), lanes,
  code: `fn main(index : i32) { if (index < uniforms.count) { ${body} } }`,
});

/** Row `slot` of `rows` becomes row `from` of `source`, in place. Rows of one number, [m, 1], are rows too. */
export function copyRow(backend: unknown, { rows, source }: Readonly<Record<'rows' | 'source', TensorInfo>>, { slot, from }: { slot: number; from: number }): TensorInfo {
  const width = source.shape[1] ?? 1;
  computeInto(backend, forEach(width, 'copy row', { source }, { slot, begin: from }, 'result[uniforms.slot * uniforms.count + index] = source[uniforms.begin * uniforms.count + index];'), rows);
  return another(backend, rows);
}

/** x [d] at indices [k]; [k]. */
export function takeEntries(backend: unknown, { x, indices }: Readonly<Record<'x' | 'indices', TensorInfo>>): TensorInfo {
  const count = indices.shape[0] ?? 0;
  return compute(backend, forEach(count, 'take entries', { x, indices }, {}, 'result[index] = x[indices[index]];'), [count], 'float32');
}

/** values [k] at indices [k] of a vector that is zero elsewhere; [d]. */
export function expandRow(backend: unknown, { values, indices }: Readonly<Record<'values' | 'indices', TensorInfo>>, { dimension }: { dimension: number }): TensorInfo {
  const vector = compute(backend, forEach(dimension, 'zeros', {}, {}, 'result[index] = 0.0;'), [dimension], 'float32');
  computeInto(backend, forEach(indices.shape[0] ?? 0, 'put entries', { values, indices }, {}, 'result[indices[index]] = values[index];'), vector);
  return vector;
}
