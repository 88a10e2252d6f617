/** What `efcp export --json` says, one a line. */
import * as z from 'zod';
import { exportFormats } from './exportFormats';

const format = z.enum(exportFormats);

export const exportMessage = z.discriminatedUnion('type', [
  /** Reading and writing of one file, from 0 to 1. */
  z.object({ type: z.literal('progress'), what: z.string(), share: z.number() }),
  z.object({ type: z.literal('file'), format, path: z.string(), bytes: z.int().min(0) }),
  /** Something is left out. */
  z.object({ type: z.literal('note'), message: z.string() }),
  z.object({ type: z.literal('finished'), files: z.int().min(0), bytes: z.int().min(0), ms: z.number() }),
]);
export type ExportMessage = z.infer<typeof exportMessage>;

export function parseExportMessage(line: string): ExportMessage | undefined {
  try {
    return exportMessage.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
