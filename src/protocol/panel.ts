/**
 * The wire between the editor and the panel. The panel is a projection: it gets one `snapshot` when it appears, then
 * `update`s. It holds nothing that could not be thrown away. Bytes stay integers until the panel's formatter.
 */
import * as z from 'zod';
import type { SampleEvent, ValidationEvent } from './runEvents';
import type { RunRecord } from './runFiles';
import type { RunState } from './runState';

/** The run record, without the secret that controls the trainer. */
export type RunView = Omit<RunRecord, 'control'> & { readonly directory: string };

export interface SnapshotMessage {
  readonly type: 'snapshot';
  readonly run: RunView;
  readonly state: RunState;
  readonly points: readonly SampleEvent[];
  readonly validations: readonly ValidationEvent[];
}

/** What came since the last message. */
export interface UpdateMessage {
  readonly type: 'update';
  readonly state: RunState;
  readonly points: readonly SampleEvent[];
  readonly validations: readonly ValidationEvent[];
}

export type ToPanel = SnapshotMessage | UpdateMessage;

export const fromPanel = z.discriminatedUnion('type', [
  /** The panel's script runs and wants its snapshot. */
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('change'), settings: z.record(z.string(), z.unknown()) }),
  /** Puts back what the applied change with this revision replaced. */
  z.object({ type: z.literal('undo'), revision: z.int() }),
  z.object({ type: z.literal('pause') }),
  z.object({ type: z.literal('resume') }),
  /** Graceful at first; asked for again, or unanswered for some seconds, the process is ended. */
  z.object({ type: z.literal('stop') }),
  /** With another backend, where it is named. */
  z.object({ type: z.literal('restart'), backend: z.string().optional() }),
  /** Goes on from the newest checkpoint of a run that is over; with another backend, where it is named. */
  z.object({ type: z.literal('restore'), backend: z.string().optional() }),
  z.object({ type: z.literal('revealDirectory') }),
]);
export type FromPanel = z.infer<typeof fromPanel>;
