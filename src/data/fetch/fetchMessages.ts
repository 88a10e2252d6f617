/** What `efcp data fetch --json` writes, a message a line; the editor reads it. */
import * as z from 'zod';

const started = z.object({ type: z.literal('started'), name: z.string(), title: z.string(), licence: z.string(), folder: z.string(), downloadBytes: z.number() });
const file = z.object({ type: z.literal('file'), file: z.string(), number: z.number(), files: z.number(), bytes: z.number(), done: z.boolean() });
const progress = z.object({ type: z.literal('progress'), file: z.string(), doing: z.enum(['downloading', 'checking', 'unpacking']), bytes: z.number(), totalBytes: z.number() });
/** A mirror did not serve; another try or the next mirror follows. */
const trouble = z.object({ type: z.literal('trouble'), file: z.string(), message: z.string() });
const finished = z.object({ type: z.literal('finished'), name: z.string(), folder: z.string(), bytes: z.number(), alreadyThere: z.boolean(), ms: z.number() });
const refused = z.object({ type: z.literal('refused'), code: z.string(), what: z.string(), remedy: z.string(), details: z.string() });
const cancelled = z.object({ type: z.literal('cancelled') });

/** What goes on. */
export const fetchEvent = z.discriminatedUnion('type', [started, file, progress, trouble]);
export type FetchEvent = Readonly<z.infer<typeof fetchEvent>>;

/** And how it ended: the last line. */
export const fetchMessage = z.discriminatedUnion('type', [started, file, progress, trouble, finished, refused, cancelled]);
export type FetchMessage = Readonly<z.infer<typeof fetchMessage>>;

export function parseFetchMessage(line: string): FetchMessage | undefined {
  try {
    return fetchMessage.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
