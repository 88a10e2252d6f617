/** What `efcp runtime install --json` writes, a message a line; the editor reads it. */
import * as z from 'zod';

const started = z.object({ type: z.literal('started'), name: z.string(), folder: z.string(), steps: z.number(), downloadBytes: z.number(), installedBytes: z.number() });
const step = z.object({ type: z.literal('step'), step: z.number(), steps: z.number(), title: z.string(), done: z.boolean() });
const progress = z.object({ type: z.literal('progress'), step: z.number(), doing: z.string(), bytes: z.number(), totalBytes: z.number() });
const test = z.object({ usesGpu: z.boolean(), device: z.string().optional(), unusedGpus: z.array(z.string()).readonly().optional() });
const finished = z.object({
  type: z.literal('finished'), alreadyThere: z.boolean(), ms: z.number(), test,
  runtime: z.object({ name: z.string(), kind: z.enum(['cpu', 'gpu']), folder: z.string(), bytes: z.number(), tensorflow: z.string() }),
});
const refused = z.object({ type: z.literal('refused'), code: z.string(), what: z.string(), remedy: z.string(), details: z.string() });
const cancelled = z.object({ type: z.literal('cancelled') });

/** What goes on. */
export const installEvent = z.discriminatedUnion('type', [started, step, progress]);
export type InstallEvent = Readonly<z.infer<typeof installEvent>>;

/** And how it ended: the last line. */
export const installMessage = z.discriminatedUnion('type', [started, step, progress, finished, refused, cancelled]);
export type InstallMessage = Readonly<z.infer<typeof installMessage>>;

export const runtimeNames = z.object({ runtimes: z.array(z.object({ name: z.string(), bytes: z.number() })), unreadable: z.array(z.object({ name: z.string() })), unfinished: z.array(z.string()) });

/** What a runtime computes on, as the end of a sentence. */
export function placeInWords(kind: 'cpu' | 'gpu', folder: string, { usesGpu, device, unusedGpus = [] }: Readonly<z.infer<typeof test>>): string {
  if (usesGpu) return `on ${device ?? 'a GPU'}`;
  if (kind === 'cpu') return 'on the processor';
  if (unusedGpus.length === 0) return 'on the processor, because there is no GPU here, or no driver for it';
  return `on the processor, although there is ${unusedGpus.join(', ')}: TF_CPP_MIN_LOG_LEVEL=0 efcp runtime check ${folder} says why`;
}

export function parseInstallMessage(line: string): InstallMessage | undefined {
  try {
    return installMessage.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
