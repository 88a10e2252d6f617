/** `runtime.json`: what a managed runtime is made of. It is written last, so a folder that has one is complete. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

export const runtimeRecordFile = 'runtime.json';

const nativeFile = z.object({ path: z.string(), bytes: z.number(), sha256: z.string() });
export type NativeFile = z.infer<typeof nativeFile>;

export const runtimeRecord = z.object({
  version: z.literal(1),
  name: z.string(),
  kind: z.enum(['cpu', 'gpu']),
  /** The npm package, and its version. */
  packageName: z.string(),
  tfjs: z.string(),
  tensorflow: z.string(),
  createdAt: z.string(),
  studio: z.string(),
  /** What built and tested it. */
  node: z.string(),
  compiler: z.string(),
  bytes: z.number(),
  /** What the libraries were built for; absent where they compute on the processor alone. */
  cuda: z.object({ version: z.string(), cudnn: z.string(), computeCapabilities: z.array(z.string()) }).optional(),
  natives: z.array(nativeFile),
  /** One digest over all other files. */
  packagesSha256: z.string(),
});
export type RuntimeRecord = z.infer<typeof runtimeRecord>;

export interface InstalledRuntime {
  readonly folder: string;
  readonly record: RuntimeRecord;
}

/** A folder that claims to be a runtime and cannot be read as one. */
export interface UnreadableRuntime {
  readonly name: string;
  readonly why: string;
}

/** Every runtime in `home`: for a GPU first, then the newest. Folders whose name begins with a dot are none: they are being built or removed. */
export function readRuntimes(home: string): { readonly runtimes: readonly InstalledRuntime[]; readonly unreadable: readonly UnreadableRuntime[] } {
  const runtimes: InstalledRuntime[] = [];
  const unreadable: UnreadableRuntime[] = [];
  for (const name of foldersIn(home)) {
    const folder = path.join(home, name);
    try {
      runtimes.push({ folder, record: readRuntime(folder) });
    } catch (error) {
      unreadable.push({ name, why: error instanceof Error ? error.message : String(error) });
    }
  }
  runtimes.sort((a, b) => b.record.kind.localeCompare(a.record.kind) || b.record.createdAt.localeCompare(a.record.createdAt));
  return { runtimes, unreadable };
}

export function readRuntime(folder: string): RuntimeRecord {
  let text: string;
  try {
    text = readFileSync(path.join(folder, runtimeRecordFile), 'utf8');
  } catch {
    throw new Error(`it has no ${runtimeRecordFile}`);
  }
  try {
    return runtimeRecord.parse(JSON.parse(text));
  } catch {
    throw new Error(`its ${runtimeRecordFile} is damaged`);
  }
}

function foldersIn(home: string): string[] {
  try {
    return readdirSync(home, { withFileTypes: true }).filter(entry => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name).sort();
  } catch {
    return [];
  }
}
