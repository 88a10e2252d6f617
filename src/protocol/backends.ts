/** What a run says of the backend it computes on, and of those it could have used instead. */
import * as z from 'zod';

/** A backend that was at hand when the run chose, as it was measured then. */
export const alternative = z.object({
  name: z.string(),
  version: z.string().optional(),
  /** Hardware it computes on, as its driver names it; absent on the processor. */
  device: z.string().optional(),
  /** What it is and where it was found, in words. */
  about: z.string().optional(),
  /** What WebGPU says of that hardware: vendor, limits, features. */
  adapter: z.record(z.string(), z.unknown()).optional(),
  /** Median of a few training steps of the run's model; absent where it could not be measured. */
  stepMs: z.number().min(0).optional(),
  /** Why it was left out; absent where it could have been chosen. */
  refused: z.string().optional(),
});
export type Alternative = z.infer<typeof alternative>;

export const usedBackend = z.object({
  name: z.string(), version: z.string(), reason: z.string(),
  device: z.string().optional(),
  /** What `auto` chose from, the chosen one included, best first; absent where the settings name the backend. */
  alternatives: z.array(alternative).optional(),
});
export type UsedBackend = z.infer<typeof usedBackend>;
