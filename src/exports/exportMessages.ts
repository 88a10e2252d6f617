/** What `efcp export --json` says, one a line. */
import * as z from 'zod';
import { formatBytes } from '../protocol/format';
import { exportFormats } from './exportFormats';

const format = z.enum(exportFormats);

export const exportMessage = z.discriminatedUnion('type', [
  /** Of one that is read or written: the share that is done, 0 where it is not known, and the bytes that are written. */
  z.object({ type: z.literal('progress'), what: z.string(), share: z.number(), bytes: z.int().min(0).optional() }),
  z.object({ type: z.literal('file'), format, path: z.string(), bytes: z.int().min(0) }),
  /** Something is left out. */
  z.object({ type: z.literal('note'), message: z.string() }),
  z.object({ type: z.literal('finished'), files: z.int().min(0), bytes: z.int().min(0), ms: z.number() }),
]);
export type ExportMessage = z.infer<typeof exportMessage>;

/** `45 %`, `12.3 MiB` or nothing yet. */
export function progressWords({ share, bytes = 0 }: Pick<Extract<ExportMessage, { type: 'progress' }>, 'share' | 'bytes'>): string {
  return share > 0 ? `${Math.round(share * 100)} %` : bytes > 0 ? formatBytes(bytes) : '';
}

export function parseExportMessage(line: string): ExportMessage | undefined {
  try {
    return exportMessage.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
