/** The run directory: what its files are called, and what `run.json` holds. */
import * as z from 'zod';

export const runRecordFile = 'run.json';
export const eventsFile = 'events.jsonl';
/** Where runs of a workspace are kept, relative to it. */
export const runsFolder = '.efcp/runs';

export const runRecord = z.object({
  version: z.literal(1),
  id: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  /** What the run was started from. */
  source: z.object({ kind: z.enum(['preset', 'file']), name: z.string() }),
  settings: z.record(z.string(), z.unknown()),
  /** Version of EFCP Studio. */
  studio: z.string(),
  /** Where backends are looked for that users install. */
  workspace: z.string().optional(),
  /** The Node that runs the trainer, and why that one. */
  node: z.object({ path: z.string(), version: z.string(), reason: z.string() }).optional(),
  pid: z.int().optional(),
  /** Where a trainer with an editor listens. The file is readable by its owner only. */
  control: z.object({ socket: z.string(), token: z.string() }).optional(),
});
export type RunRecord = z.infer<typeof runRecord>;
