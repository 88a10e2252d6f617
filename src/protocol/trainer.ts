/**
 * The wire between an editor and a trainer: JSON-RPC notifications over a unix socket or named pipe.
 * The trainer listens, so that a reloaded window can attach again. The first message must be `hello` with the token of
 * the run record; from then on the trainer sends every `RunEvent` as a notification named `event`.
 */
import * as z from 'zod';
import { forecast } from './runEvents';

export const helloMessage = z.object({ type: z.literal('hello'), token: z.string() });
/** Asks for settings to change between two steps; answered by `applied` or `rejected` with the same revision. */
export const changeMessage = z.object({
  type: z.literal('change'), revision: z.int().min(1), settings: z.record(z.string(), z.unknown()), undoes: z.int().optional(),
  forecast: forecast.optional(),
});
export const pauseMessage = z.object({ type: z.literal('pause') });
export const resumeMessage = z.object({ type: z.literal('resume') });
export const stopMessage = z.object({ type: z.literal('stop') });

/** Asks for the next step to be recorded allocation by allocation; answered by `snapshot`. */
export const captureMessage = z.object({ type: z.literal('capture') });

export const controlMessage = z.discriminatedUnion('type', [changeMessage, pauseMessage, resumeMessage, stopMessage, captureMessage]);
export type ControlMessage = z.infer<typeof controlMessage>;
export type ChangeMessage = z.infer<typeof changeMessage>;

/** Names of the JSON-RPC notifications. */
export const wire = { hello: 'hello', control: 'control', event: 'event' } as const;
