/** What the search for settings that fit found: points that no other beats in bytes, time and risk together, and single steps towards fewer bytes. */
import * as z from 'zod';
import { risks, type Risk } from './risks';

export { risks, type Risk };

const bytes = z.int().min(0);

export const planPoint = z.object({
  /** What differs from the settings that were given. */
  changes: z.record(z.string(), z.unknown()),
  /** The changes in words, such as "recompute per block, microbatch 20". */
  words: z.string(),
  /** At the highest instant; and of all categories but workspace, as the paper counts. */
  peakBytes: bytes, storedBytes: bytes,
  stepMs: z.number().min(0).optional(),
  /** Whether all of the step time follows from times that were measured on this machine, or some of it from nominal ones. */
  timed: z.enum(['measured', 'nominal']).optional(),
  recomputedFlops: z.number().min(0).optional(),
  risk: z.enum(risks),
  /** How often a share, a count or a number of bits is halved on the way there: of two points with the same risk, the one with fewer risks less. */
  halvings: z.number().min(0),
});
export type PlanPoint = z.infer<typeof planPoint>;

export const plan = z.object({
  /** Which of the two figures the budget limits. */
  counted: z.enum(['peak', 'stored']), budgetBytes: bytes.optional(),
  given: planPoint,
  /** Those that no other beats in all of bytes, time and risk; by bytes, most first. */
  front: z.array(planPoint),
  /** The place in `front` of the best that fits the budget: least risk, then least time. Absent where none fits or there is no budget. */
  chosen: z.int().min(0).optional(),
  /** One change each, those that save most first. */
  suggestions: z.array(planPoint),
  /** The most examples a step, or tokens where batches are cut by tokens, that fit the budget with the settings as given. */
  largestBatch: z.object({ batchSize: z.int().min(1), unit: z.enum(['batchSize', 'batchTokens']), peakBytes: bytes, storedBytes: bytes }).optional(),
  /** Combinations that were weighed. */
  weighed: z.int().min(0),
  assumptions: z.array(z.string()),
});
export type Plan = z.infer<typeof plan>;
