/**
 * Optimizers that work entry by entry (sgd, adamw), on state in stored form: a chunk of it is brought to float32, the same
 * transformation that works on whole vectors runs on the chunk, and it is stored again. The arithmetic is that of
 * ../optimizer.ts, so float32 gives the same bits.
 *
 * A second moment in two bytes is stored as its square root, which is what divides: squares of small gradients would vanish below
 * the smallest float16.
 *
 * Bytes held: 4 or 2 for every entry and buffer, and a chunk for each buffer.
 */
import type { ChunkCompute } from '../../kernels/chunkCompute';
import { createStored, movedStored, precisionOf, readStored, writeStored, type StoredPrecision, type StoredVector } from '../../kernels/storedVector';
import { typedArrays } from '../../kernels/typedArrays';
import type { LiveSettings, Settings } from '../../settings/knobs';
import type { ElementwiseName } from '../../settings/memoryTechniques';
import { parameterSpace, type Shaped } from '../../settings/parameterSpace';
import { tensorSettingsOf } from '../descend';
import { recipes } from '../recipes';
import { checkSchedule, learningRateAt } from '../schedule';
import type { StateTree } from '../stateTree';

export type StreamedState = { readonly [buffer: string]: StoredVector };

export interface StreamedOptimizer {
  readonly settings: Settings;
  readonly state: StreamedState;
  /** Turns a chunk of gradients into updates u, in place; its first entry is entry `from` of all. */
  direct(gradient: Float32Array, from: number, step: number): void;
  /** theta = theta - rate * (u + decay * theta), with what holds for tensor `tensor`. */
  descend(update: Float32Array, theta: Float32Array, tensor: number, step: number): void;
  change(settings: Partial<LiveSettings>): void;
  /** Entry i is now what was entry moves[i], or new where that is negative. */
  move(moves: Int32Array): void;
}

export interface StreamedOptions {
  /** As the model has them: groups may go by their dimensions. */
  readonly tensors: readonly Shaped[];
  /** Entries stored in all. */
  readonly length: number;
  readonly precision: StoredPrecision;
  readonly chunks: ChunkCompute;
  readonly totalSteps: number | undefined;
}

export function createStreamedOptimizer(given: Settings & { readonly optimizer: ElementwiseName }, { tensors, length, precision, chunks, totalSteps }: StreamedOptions): StreamedOptimizer {
  const live: Settings = { ...given };
  checkSchedule(live, totalSteps);
  const ofTensors = tensorSettingsOf(live.groups, parameterSpace(tensors));
  const recipe = recipes[live.optimizer](live, typedArrays);
  const scratch: Record<string, Float32Array> = {};
  /** The buffers that the recipe asks for with the settings as they are. */
  const buffersFor = (before: StreamedState): StreamedState => {
    const names = buffersOf(recipe.init({ dimension: 0, tensors: [] }));
    for (const name of names) scratch[name] ??= chunks.createChunk();
    return Object.fromEntries(names.map(name => [name, before[name] ?? createStored(precision, length)]));
  };
  let state = buffersFor({});
  return {
    settings: live,
    get state() { return state; },
    direct: (gradient, from, step) => {
      const working = Object.fromEntries(Object.entries(state).map(([name, buffer]) => {
        const values = (scratch[name] as Float32Array).subarray(0, gradient.length);
        readStored(chunks, buffer, from, values);
        if (isRoot(name, buffer)) for (let at = 0; at < values.length; at++) values[at] = (values[at] ?? 0) ** 2;
        return [name, values];
      }));
      recipe.update({ dense: gradient, kept: undefined }, { ...noBuffers, ...working }, [], step);
      for (const [name, buffer] of Object.entries(state)) {
        const values = working[name] as Float32Array;
        if (isRoot(name, buffer)) for (let at = 0; at < values.length; at++) values[at] = Math.sqrt(values[at] ?? 0);
        writeStored(chunks, buffer, from, values, 'largest');
      }
    },
    descend: (update, theta, tensor, step) => {
      const settings = ofTensors[tensor];
      chunks.descend(update, theta, learningRateAt(live, step, totalSteps) * (settings?.learningRateScale ?? 1), settings?.weightDecay ?? live.weightDecay);
    },
    change: changed => {
      const before = { ...live };
      Object.assign(live, changed);
      try {
        checkSchedule(live, totalSteps);
        state = buffersFor(state);
      } catch (error) {
        Object.assign(live, before);
        throw error;
      }
    },
    move: moves => {
      state = Object.fromEntries(Object.entries(state).map(([name, buffer]) => [name, movedStored(buffer, moves)]));
    },
  };
}

/** What a transformation finds in place of a buffer that it does not ask for. */
const noBuffers = { velocity: undefined };

function isRoot(name: string, buffer: StoredVector): boolean {
  return name === 'secondMoment' && precisionOf(buffer) !== 'float32';
}

function buffersOf(state: StateTree): string[] {
  return typeof state === 'object' ? Object.entries(state).filter(([, leaf]) => leaf instanceof Float32Array).map(([name]) => name) : [];
}
