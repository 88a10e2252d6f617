/**
 * The wire to the process that estimates and plans beside a run (`efcp estimate --serve`): one request a line on its stdin, one answer
 * a line on its stdout. An estimate answers in a moment, a plan after some progress; a newer request does not cancel an older one,
 * `cancel` does.
 */
import * as z from 'zod';
import { estimate } from './estimate';
import { plan, risks } from './plan';

const base = { id: z.int().min(1) };
/** As in a run file, all sections flat. */
const settings = z.record(z.string(), z.unknown());

export const planLimits = z.object({
  budgetBytes: z.int().min(1).optional(), counted: z.enum(['peak', 'stored']).default('peak'),
  /** The longest that a step may take; in milliseconds, and as many times as with the given settings. */
  mostStepMs: z.number().positive().optional(), mostStepRatio: z.number().positive().optional(),
  /** Nothing that may do more to the result. */
  mostRisk: z.enum(risks).default('sparsity'),
});
export type PlanLimits = z.infer<typeof planLimits>;

export const planningRequest = z.discriminatedUnion('type', [
  z.object({ ...base, type: z.literal('estimate'), settings, /** Leaves times out, which are measured by computing. */ bytesOnly: z.boolean().optional() }),
  z.object({ ...base, type: z.literal('plan'), settings, limits: planLimits }),
  /** Ends the request with this id. */
  z.object({ ...base, type: z.literal('cancel') }),
]);
export type PlanningRequest = z.infer<typeof planningRequest>;

export const planningAnswer = z.discriminatedUnion('type', [
  z.object({ ...base, type: z.literal('estimate'), estimate }),
  z.object({ ...base, type: z.literal('plan'), plan }),
  z.object({ ...base, type: z.literal('progress'), done: z.int().min(0), of: z.int().min(1), what: z.string() }),
  /** Cannot be answered, or was cancelled; in words for the user. */
  z.object({ ...base, type: z.literal('refused'), message: z.string() }),
]);
export type PlanningAnswer = z.infer<typeof planningAnswer>;

/** Undefined where a line is no answer. */
export function parsePlanningAnswer(line: string): PlanningAnswer | undefined {
  try {
    return planningAnswer.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
