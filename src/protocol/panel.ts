/**
 * The wire between the editor and the panel. The panel is a projection: it gets one `snapshot` when it appears, then
 * `update`s. It holds nothing that could not be thrown away. Bytes stay integers until the panel's formatter.
 */
import * as z from 'zod';
import type { Plan } from './plan';
import { planLimits } from './planningWire';
import { forecast, type Forecast, type SampleEvent, type ValidationEvent } from './runEvents';
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

export type ViewMessage = SnapshotMessage | UpdateMessage;

/** Answers to what the panel asked by a number of its own. */
export type PlanningMessage =
  /** Of one of the alternatives, by its place; `why` in words where nothing can be said. */
  | { readonly type: 'forecast'; readonly id: number; readonly index: number; readonly forecast?: Forecast; readonly why?: string }
  | { readonly type: 'planProgress'; readonly id: number; readonly done: number; readonly of: number; readonly what: string }
  | { readonly type: 'plan'; readonly id: number; readonly plan: Plan }
  | { readonly type: 'planRefused'; readonly id: number; readonly message: string };

export type ToPanel = ViewMessage | PlanningMessage;

const settings = z.record(z.string(), z.unknown());
/** A number that the panel gives to what it asks, so that it knows the answer. */
const id = z.int().min(1);

export const fromPanel = z.discriminatedUnion('type', [
  /** The panel's script runs and wants its snapshot. */
  z.object({ type: z.literal('ready') }),
  /** With what it is expected to do, where that was said. */
  z.object({ type: z.literal('change'), settings, forecast: forecast.optional() }),
  /** Puts back what the applied change with this revision replaced. */
  z.object({ type: z.literal('undo'), revision: z.int() }),
  z.object({ type: z.literal('pause') }),
  z.object({ type: z.literal('resume') }),
  /** Graceful at first; asked for again, or unanswered for some seconds, the process is ended. */
  z.object({ type: z.literal('stop') }),
  /** With another backend, where it is named; with other settings than the run has now, where they are. */
  z.object({ type: z.literal('restart'), backend: z.string().optional(), settings: settings.optional() }),
  /** Goes on from the newest checkpoint of a run that is over; with another backend, where it is named. */
  z.object({ type: z.literal('restore'), backend: z.string().optional() }),
  /** Does what the alarm with this sequence number proposes. */
  z.object({ type: z.literal('applyFix'), sequence: z.int().min(0) }),
  z.object({ type: z.literal('revealDirectory') }),
  /** What changes would do to a step, each by itself; takes the place of what was asked before. */
  z.object({ type: z.literal('forecast'), id, alternatives: z.array(settings).max(100) }),
  /** Takes the place of a plan that is under way. */
  z.object({ type: z.literal('plan'), id, limits: planLimits }),
  z.object({ type: z.literal('cancelPlan'), id }),
  /** Records the next step. */
  z.object({ type: z.literal('capture') }),
  /** Shows a recorded step, by the name of its file. */
  z.object({ type: z.literal('openSnapshot'), file: z.string() }),
  /** Keeps a chart as a file: as this PNG, in base64, as this SVG, or, without either, drawn as SVG from what the run recorded. */
  z.object({ type: z.literal('savePicture'), chart: z.string().regex(/^\w+$/), png: z.base64().max(40_000_000).optional(), svg: z.string().max(4_000_000).optional() }),
]);
export type FromPanel = z.infer<typeof fromPanel>;
