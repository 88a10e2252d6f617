/** The parameters in a checkpoint as dense float32, however the run stored them. Bytes: 4d of new arrays where they were packed. */
import { unpackHalves } from '../../kernels/halves';
import type { SavedState } from '../../optimizers/savedState';
import type { ParameterView } from '../../optimizers/transformation';
import { InputError } from '../../settings/problem';
import { positionsOf } from '../../sparsity/sparseIndex';
import type { Checkpoint } from '../checkpoint';
import { layoutOf, maskFrom } from '../packedLayout';

export function denseParameters({ parameters, state }: Pick<Checkpoint, 'parameters' | 'state'>): readonly ParameterView[] {
  if (parameters.length > 0) return parameters;
  const entries = storedEntries(state);
  const { tensors, length } = layoutOf(state.tensors, state.tensors.map(({ shape }, at) => maskFrom(state, at, shape.reduce((product, side) => product * side, 1))));
  if (entries.length !== length) throw new InputError([{ field: 'checkpoints', message: `The checkpoint is refused: it stores ${entries.length} entries of the parameters, but its masks ask for ${length}. Use another copy.` }]);
  return tensors.map(({ name, shape, length: dense, start, count, index }) => {
    const stored = entries.subarray(start, start + count);
    if (index === undefined) return { name, shape, values: stored };
    const values = new Float32Array(dense);
    positionsOf(index, count).forEach((position, entry) => { values[position] = stored[entry] ?? 0; });
    return { name, shape, values };
  });
}

/** Of the copy in float32, where training kept one. */
function storedEntries({ arrays }: SavedState): Float32Array {
  const { 'masterCopy': copy, 'weights.float32': float32 } = arrays;
  if (copy instanceof Float32Array) return copy;
  if (float32 instanceof Float32Array) return float32;
  for (const format of ['float16', 'bfloat16'] as const) {
    const halves = arrays[`weights.${format}`];
    if (!(halves instanceof Uint16Array)) continue;
    const values = new Float32Array(halves.length);
    unpackHalves(format, halves, 0, values);
    return values;
  }
  throw new InputError([{ field: 'checkpoints', message: 'The checkpoint is refused: it holds no parameters. Use another copy.' }]);
}
