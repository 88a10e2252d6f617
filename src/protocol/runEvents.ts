/**
 * What a run says, in order. The same objects are the lines of `events.jsonl`, the messages from the trainer to the
 * editor, and the output of `efcp train --json`. `sequence` counts from 0 without gaps, so a reader that attaches
 * late knows what it has missed; `time` is milliseconds that the run has gone on.
 *
 * A run that was restored from a checkpoint goes on in the same file. What it had recorded of steps beyond the checkpoint stays
 * there, but no longer counts: `restored` takes it back, and those steps are made again.
 */
import * as z from 'zod';
import { stateParts } from '../settings/stateBytes';
import { usedBackend } from './backends';
import { diagnosticNames, type DiagnosticName, type DiagnosticsSample } from './diagnostics';
import { byteCount, bytesOfCategories as bytes } from './byteSchema';
import { estimate } from './estimate';
import { heldBytes, withHeldBytes } from './heldRecord';
import { comparison } from './prediction';
import { phases } from './samples';

const base = { sequence: z.int().min(0), time: z.number().min(0) };
const parts = z.partialRecord(z.enum(stateParts), byteCount);
/** Settings as they were validated where they entered; recorded, not validated again. */
const settings = z.record(z.string(), z.unknown());

/** Something that takes a while goes on before the run can start; in words. */
export const preparingEvent = z.object({ ...base, type: z.literal('preparing'), what: z.string() });

export const startedEvent = z.object({
  ...base, type: z.literal('started'),
  settings,
  backend: usedBackend,
  /** Length d of the flat parameter vector. */
  parameterCount: z.int().min(1),
  parameters: z.array(z.object({ name: z.string(), shape: z.array(z.int()) })),
  trainExamples: z.int(), validationExamples: z.int(), stepsPerEpoch: z.int(), totalSteps: z.int(),
  /** Of text: lines that were read but are no examples, and why. */
  leftOut: z.array(z.object({ lines: z.int(), what: z.string() })).optional(),
  /** Bytes of the data set on the host, outside every category; batches are counted under `data`. */
  datasetBytes: byteCount,
  /** What a step was expected to take. Absent in recordings from before it was, and where it could not be said. */
  predicted: estimate.optional(),
});

export const memorySample = z.object({
  /** Highest sum over all categories since the last sample, and the categories at that instant; with several workers an upper bound of it. */
  peakBytes: byteCount, peakPhase: z.enum(phases), bytesAtPeak: bytes,
  /**
   * The instant since the last sample at which the sum of all categories but workspace was highest, which is what the paper's three-way
   * accounting is read from. Its `workspace` is what workspace there was at that instant, and no part of that sum. It need not be the
   * instant of `bytesAtPeak`. Absent in recordings from before it was noted, and where several workers compute.
   */
  storedPeak: bytes.optional(),
  /** Between two steps: what stays. */
  liveBytes: bytes,
  /** The optimizer's state, part by part; their sum is `liveBytes.optimizerState`. */
  stateBytes: parts,
  /** Beside the exact count: what process, backend and GPU hold. */
  held: heldBytes,
});

const figure = z.number().optional();
export const diagnosticsSample: z.ZodType<DiagnosticsSample> = z.object({
  measured: z.int().min(1), ...Object.fromEntries(diagnosticNames.map(name => [name, figure])) as Record<DiagnosticName, typeof figure>,
});

/** What steps did to hold fewer bytes; each is absent where it was not counted, or does not apply. */
const stepFigures = {
  /** Floating-point operations of one step's forward and backward passes over the whole batch, as if nothing were recomputed; a multiplication and an addition are two. Mean over the steps. */
  flops: figure,
  /** Operations of one step, beyond `flops`, spent on computing dropped activations again. Mean over the steps; 0 where recomputation is on but nothing had to be. */
  recomputedFlops: figure,
  /** What the loss of the last step covered was multiplied by. Absent where the loss is not scaled. */
  lossScale: figure,
  /** Steps of the run so far whose update was left out because a scaled gradient overflowed. Absent where the loss is not scaled. */
  skippedSteps: z.int().min(0).optional(),
  /** Connections that the last rewiring moved, in all tensors together. Absent before the first, and where weights are dense. */
  rewired: z.int().min(0).optional(),
};

/** One or more steps summed up: means weighted by step, extremes and peaks kept. */
export const sampleEvent = z.object({
  ...base, type: z.literal('sample'),
  /** Last step covered, counted from 1, and how many steps this sample covers. */
  step: z.int().min(1), steps: z.int().min(1),
  loss: z.number(), lossMin: z.number(), lossMax: z.number(),
  /** Share of the examples predicted rightly; absent where nothing can be right or wrong, as in regression. */
  accuracy: figure,
  ...stepFigures,
  stepMs: z.number(), memory: z.preprocess(withHeldBytes, memorySample),
  /** Absent where none of the steps was measured, and in recordings from before there were any. */
  diagnostics: diagnosticsSample.optional(),
});

export const validationEvent = z.object({
  ...base, type: z.literal('validation'),
  step: z.int().min(0), loss: z.number(),
  /** As in a sample. */
  accuracy: figure,
});

/** Predicted differences of a step: its peak, what is stored at most (workspace apart), its milliseconds. Each absent where nobody knows. */
export const forecast = z.object({
  peakBytes: z.int().optional(), storedBytes: z.int().optional(), stepMs: z.number().optional(),
  /** Of the step that `stepMs` is a difference to: a machine may be busier later. */
  stepMsBefore: z.number().min(0).optional(),
});

/** The audit trail: a change took effect after `step` steps. */
export const appliedEvent = z.object({
  ...base, type: z.literal('applied'),
  revision: z.int(), step: z.int(), from: settings, to: settings,
  /** The revision that this change undoes. */
  undoes: z.int().optional(),
  stateBytesBefore: byteCount, stateBytesAfter: byteCount,
  /** What the change was expected to do to a step, where that was said before it was asked for. */
  forecast: forecast.optional(),
});

export const rejectedEvent = z.object({ ...base, type: z.literal('rejected'), revision: z.int(), step: z.int(), message: z.string() });
export const pausedEvent = z.object({ ...base, type: z.literal('paused'), step: z.int() });
export const resumedEvent = z.object({ ...base, type: z.literal('resumed'), step: z.int() });

/** A checkpoint was written: its file in `checkpoints`, its bytes, and how long training waited for it. */
export const savedEvent = z.object({
  ...base, type: z.literal('saved'), step: z.int().min(0), checkpoint: z.string(), bytes: byteCount, ms: z.number().min(0),
});
/** A checkpoint could not be written, or, where `what` says so, a step snapshot; training goes on. */
export const notSavedEvent = z.object({ ...base, type: z.literal('notSaved'), step: z.int().min(0), message: z.string(), what: z.literal('snapshot').optional() });

/** The run goes on from a checkpoint, in another process. Follows whatever ended it, and takes the place of `started`. */
export const restoredEvent = z.object({
  ...base, type: z.literal('restored'),
  /** Steps that the checkpoint holds. */
  step: z.int().min(0),
  checkpoint: z.string(),
  /** As they were then. */
  settings,
  /** How many of the changes applied so far it holds. */
  changes: z.int().min(0),
  totalSteps: z.int(),
  backend: usedBackend,
  /** Newer checkpoints that could not be used, and why. */
  refused: z.array(z.object({ checkpoint: z.string(), message: z.string() })),
});

export const finishReasons = ['completed', 'stopped', 'failed'] as const;

/** A step was recorded allocation by allocation: the file in `snapshots`, its bytes, how many events it has. */
export const snapshotEvent = z.object({
  ...base, type: z.literal('snapshot'), step: z.int().min(1), file: z.string(), bytes: byteCount, events: z.int().min(0), peakBytes: byteCount,
  reason: z.enum(['asked', 'peak']),
  /** What the recorded step took, and the median of the steps before it that were not recorded. */
  stepMs: z.number().min(0).optional(), usualStepMs: z.number().min(0).optional(),
});

export const alarmKinds = ['budget', 'nonFinite', 'divergence', 'outOfMemory'] as const;
export type AlarmKind = (typeof alarmKinds)[number];

/** Settings that help: `change` while the run goes on, `restart` from the last good state where they are live, else from the beginning. */
export const fix = z.object({ words: z.string(), settings, way: z.enum(['change', 'restart']) });
export type Fix = z.infer<typeof fix>;

/** Something that a run should not go on with unseen. The last good state is in a checkpoint where there is one. */
export const alarmEvent = z.object({
  ...base, type: z.literal('alarm'), kind: z.enum(alarmKinds), step: z.int().min(0),
  /** What happened, and what can be done. */
  message: z.string(),
  /** The first layer whose output or gradient was not finite, and which of the two. */
  layer: z.string().optional(), where: z.enum(['data', 'output', 'loss', 'gradient']).optional(),
  fix: fix.optional(),
  /** The newest checkpoint with a good state. */
  checkpoint: z.string().optional(),
  /** What was done about it. */
  action: z.enum(['noted', 'paused', 'stopped']),
});

/** The last event of every run that could still write one, unless it was restored afterwards. Figures are absent where the run ended before there were any. */
export const finishedEvent = z.object({
  ...base, type: z.literal('finished'),
  reason: z.enum(finishReasons), message: z.string().optional(),
  /** Where the backend is what failed: the one to go on with. */
  fallback: z.string().optional(),
  steps: z.int(),
  metrics: z.object({ loss: z.number().optional(), validationLoss: z.number().optional(), validationAccuracy: z.number().optional() }),
  peakBytes: byteCount.optional(), unattributedBytes: byteCount.optional(), bytesAtPeak: bytes.optional(),
  /** The highest of all samples. */
  storedPeak: bytes.optional(),
  /** What was predicted when it started beside what was measured. Absent where there was no prediction, or it went on from a checkpoint. */
  comparison: comparison.optional(),
});

export const runEvent = z.discriminatedUnion('type', [
  preparingEvent, startedEvent, sampleEvent, validationEvent, appliedEvent, rejectedEvent, pausedEvent, resumedEvent, savedEvent, notSavedEvent, restoredEvent,
  snapshotEvent, alarmEvent, finishedEvent,
]);

export type RunEvent = z.infer<typeof runEvent>;
export type StartedEvent = z.infer<typeof startedEvent>;
export type SampleEvent = z.infer<typeof sampleEvent>;
export type MemorySample = z.infer<typeof memorySample>;
export type ValidationEvent = z.infer<typeof validationEvent>;
export type AppliedEvent = z.infer<typeof appliedEvent>;
export type RejectedEvent = z.infer<typeof rejectedEvent>;
export type SnapshotEvent = z.infer<typeof snapshotEvent>;
export type AlarmEvent = z.infer<typeof alarmEvent>;
export type Forecast = z.infer<typeof forecast>;
export type SavedEvent = z.infer<typeof savedEvent>;
export type RestoredEvent = z.infer<typeof restoredEvent>;
export type FinishedEvent = z.infer<typeof finishedEvent>;
