/** How a prediction stands beside what was measured, in the record of a run; what is compared says comparison.ts. */
import * as z from 'zod';

const compared = z.object({ predicted: z.number().min(0), measured: z.number().min(0) });
export type Compared = z.infer<typeof compared>;

export const comparison = z.object({
  peakBytes: compared,
  /** The highest sum of all categories but workspace. */
  storedBytes: compared.optional(),
  /** Of the optimizer. */
  stateBytes: compared,
  /** Of the mean step; the first, in code not yet compiled, is left out. */
  stepMs: compared.optional(),
  /** The last step that it covers. */
  step: z.int().min(1),
});
export type Comparison = z.infer<typeof comparison>;
