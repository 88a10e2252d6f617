/**
 * What one step of a run will take, said before there is room for it: from formulas, and from steps of a few examples extrapolated in
 * the batch. Every figure that could not be predicted is absent.
 */
import * as z from 'zod';
import { bytesOfCategories } from './byteSchema';
import { phases } from './samples';

export const estimate = z.object({
  /** The most that each category holds at any instant of a step, each at an instant of its own. */
  bytes: bytesOfCategories,
  /** The highest instant of a step, and what it is made of. */
  peakBytes: z.int().min(0), peakPhase: z.enum(phases), bytesAtPeak: bytesOfCategories,
  /** The highest sum of all categories but workspace: the total of arXiv 1904.10631 is read from it. */
  storedPeak: bytesOfCategories,
  /** Of forward pass, backward pass and update, on this machine and backend. */
  stepMs: z.number().min(0).optional(),
  /** Floating-point operations of a step's passes, and those that recomputation adds. */
  flops: z.number().min(0).optional(), recomputedFlops: z.number().min(0).optional(),
  parameterCount: z.int().min(1), examples: z.number().min(1), backend: z.string(),
  /** Hardware that the backend computes on, where that is not the processor. */
  device: z.string().optional(),
  /** What must hold for the figures to, one sentence each. */
  assumptions: z.array(z.string()),
});
export type Estimate = z.infer<typeof estimate>;
