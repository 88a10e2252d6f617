/**
 * Everything that a run needs to go on, bit for bit as if it had never stopped, as one safetensors file:
 *
 *   parameters.<name>   the model's parameters, where they are not part of the state (weights.*) in a form of their own
 *   buffers.<name>      what the model remembers beside them
 *   state.<name>        arrays and numbers of the optimizer's state
 *   texts               step, settings as they are now, tensors, progress, and a checksum of all that
 *
 * Epochs are equally long, so the step says which epoch it is and where in it; order and shifts of the examples follow from the
 * seed, the epoch and that place.
 */
import * as z from 'zod';
import { piecesOfSafetensors, type StoredTensor } from '../optimizers/safetensors';
import type { SavedState } from '../optimizers/savedState';
import { refusal, sealed, unsealed, type Seal } from '../optimizers/sealedFile';
import { parsedText, savedStateFrom, stateTexts, storedState } from '../optimizers/stateFile';
import type { StoredArray } from '../optimizers/storedArrays';
import type { ParameterView } from '../optimizers/transformation';
import { savedAlarms } from './alarms/alarms';
import { savedLossScale } from './lossScale';
import { tallied } from './tally';

const progress = z.object({
  /** How many changes had been applied. */
  changes: z.int().min(0),
  tally: tallied,
  /** Where the loss is scaled. */
  lossScale: savedLossScale.optional(),
  /** Absent in files from before runs watched themselves. */
  alarms: savedAlarms.optional(),
});

export interface Checkpoint {
  /** Of the optimizer; its settings are the run's. */
  readonly state: SavedState;
  /** None where the state holds them. */
  readonly parameters: readonly ParameterView[];
  /** None in files of models that have none. */
  readonly buffers: readonly ParameterView[];
  readonly progress: z.infer<typeof progress>;
}

const seal: Seal = { format: 'efcp-checkpoint', version: '1', holds: 'checkpoint', texts: [...stateTexts, 'progress'] };
const [ofState, ofParameters, ofBuffers] = ['state.', 'parameters.', 'buffers.'];

/** Consecutive bytes of the file; views of the arrays, none of them copied. */
export function encodeCheckpoint({ state, parameters, buffers, progress: reached }: Checkpoint): Uint8Array[] {
  const { metadata, tensors } = storedState(state);
  return piecesOfSafetensors(sealed(seal, {
    metadata: { ...metadata, progress: JSON.stringify(reached) },
    tensors: new Map<string, StoredTensor>([
      ...stored(ofParameters, parameters), ...stored(ofBuffers, buffers),
      ...[...tensors].map(([name, tensor]) => [ofState + name, tensor] as const),
    ]),
  }));
}

/** Throws InputError where `bytes` are no checkpoint, or not a whole one. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const { metadata, tensors } = unsealed(seal, bytes);
  const under = (prefix: string) => [...tensors].filter(([name]) => name.startsWith(prefix)).map(([name, tensor]) => [name.slice(prefix.length), tensor] as const);
  const reached = progress.safeParse(parsedText(seal.holds, 'progress', metadata['progress']));
  if (!reached.success) throw refusal(seal.holds, 'progress', `progress is not what a checkpoint of this version has (${reached.error.issues[0]?.path.join('.') ?? ''}: ${reached.error.issues[0]?.message ?? ''}). Use another copy of the file.`);
  const state = savedStateFrom({ metadata, tensors: new Map(under(ofState)) }, seal.holds);
  return {
    state,
    parameters: parametersIn(state, new Map(under(ofParameters))),
    buffers: under(ofBuffers).flatMap(([name, { data, shape }]) => (data instanceof Float32Array ? [{ name, shape, values: data }] : [])),
    progress: reached.data,
  };
}

function stored(prefix: string, views: readonly ParameterView[]): (readonly [string, StoredTensor])[] {
  return views.map(({ name, shape, values }) => [prefix + name, { dtype: 'F32', shape, data: values as StoredArray }]);
}

/** In the order of the model, which a file need not keep. */
function parametersIn({ tensors, arrays }: SavedState, stored: ReadonlyMap<string, StoredTensor>): ParameterView[] {
  if (stored.size === 0 && Object.keys(arrays).some(name => name.startsWith('weights.'))) return [];
  return tensors.map(({ name, shape }) => {
    const { data, shape: found } = stored.get(name) ?? {};
    if (data instanceof Float32Array && JSON.stringify(found) === JSON.stringify(shape)) return { name, shape, values: data };
    throw refusal(seal.holds, 'parameters', `the parameters in ${name} are ${data === undefined ? 'missing' : `of the shape ${JSON.stringify(found)}, ${data.constructor.name}`}, but must be of the shape ${JSON.stringify(shape)}, Float32Array. Use another copy.`);
  });
}
