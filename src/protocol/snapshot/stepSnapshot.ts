/**
 * One step of training, allocation by allocation: every buffer that was there or came, and everything that happened to it, in order.
 * Kept in columns of typed arrays, since a step of a large model has a million events. Texts are numbers of entries of `texts`, whose
 * first is empty and stands for what is not known.
 *
 * Memory outside TensorFlow.js that a category holds (optimizer state on the host) is a buffer too, without shape; when it changes,
 * the old one dies and a new one is born.
 */
import * as z from 'zod';
import { categories, phases } from '../samples';

/** `there`: alive when the capture began. `moved`: to another category, when it became clear what it is for. */
export const eventKinds = ['there', 'born', 'moved', 'died'] as const;
export type EventKind = (typeof eventKinds)[number];

export const bufferTypes = ['float32', 'int32', 'bool', 'complex64', 'string', 'bytes'] as const;
export type BufferType = (typeof bufferTypes)[number];

export const snapshotAbout = z.object({
  model: z.string(), backend: z.string(),
  /** The step that it shows, counted from 1, and the examples of its batch. */
  step: z.int().min(0), examples: z.int().min(1),
  settings: z.record(z.string(), z.unknown()),
  takenAt: z.iso.datetime(),
  /** `asked`: by somebody. `peak`: a new peak of the run. `predicted`: computed from steps of a few examples; nobody took it. */
  reason: z.enum(['asked', 'peak', 'predicted']),
  /** The run that it is of. */
  run: z.string().optional(),
  /** What the recorded step took, and the median of the steps before it that were not recorded. Absent where it was not measured. */
  stepMs: z.number().min(0).optional(),
  usualStepMs: z.number().min(0).optional(),
  /** What is not in it, in words. */
  lacks: z.string().optional(),
});
export type SnapshotAbout = z.infer<typeof snapshotAbout>;

/** By number of the buffer, in the order of birth. */
export interface SnapshotBuffers {
  readonly bytes: Float64Array;
  /** Numbers of entries of `bufferTypes`. */
  readonly type: Uint8Array;
  /** Texts, such as "100x32x32x16". */
  readonly shape: Uint32Array;
  /** Texts: the layer (node of the model) or parameter it was made for; the operation of TensorFlow.js that made it. */
  readonly layer: Uint32Array;
  readonly operation: Uint32Array;
  /** Texts: "FILE:LINE" of the user's model code. */
  readonly source: Uint32Array;
}

/** In order of time. */
export interface SnapshotEvents {
  /** Numbers of entries of `eventKinds`. */
  readonly kind: Uint8Array;
  readonly buffer: Uint32Array;
  /** Of the buffer from now on, or at last: numbers of entries of `categories`. */
  readonly category: Uint8Array;
  /** Numbers of entries of `phases`. */
  readonly phase: Uint8Array;
  /** Milliseconds since the capture began. */
  readonly time: Float64Array;
}

export interface StepSnapshot {
  readonly about: SnapshotAbout;
  readonly texts: readonly string[];
  readonly buffers: SnapshotBuffers;
  readonly events: SnapshotEvents;
}

export const categoryNumber = Object.fromEntries(categories.map((category, at) => [category, at])) as Readonly<Record<(typeof categories)[number], number>>;
export const phaseNumber = Object.fromEntries(phases.map((phase, at) => [phase, at])) as Readonly<Record<(typeof phases)[number], number>>;
