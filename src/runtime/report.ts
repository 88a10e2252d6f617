/** What managed runtimes there are, for `efcp runtime list`, `efcp doctor` and the editor. */
import { formatBytes } from '../protocol/format';
import { readRuntimes, type InstalledRuntime, type RuntimeRecord, type UnreadableRuntime } from './runtimeRecord';
import { leftovers } from './staging';

/** A runtime's record without its list of files. */
export type RuntimeSummary = Omit<RuntimeRecord, 'natives'> & { readonly folder: string };

export interface RuntimeReport {
  readonly home: string;
  readonly runtimes: readonly RuntimeSummary[];
  readonly unreadable: readonly UnreadableRuntime[];
  /** Folders that an attempt left which was cancelled or failed. */
  readonly unfinished: readonly string[];
}

export function runtimeReport(home: string): RuntimeReport {
  const { runtimes, unreadable } = readRuntimes(home);
  return {
    home, unreadable, unfinished: leftovers(home), runtimes: runtimes.map(summaryOf),
  };
}

export function summaryOf({ folder, record }: InstalledRuntime): RuntimeSummary {
  const summary: RuntimeSummary & { natives?: unknown } = { folder, ...record };
  delete summary.natives;
  return summary;
}

/** Rows of a table: name, versions, size, place. */
export function runtimeTable({ home, runtimes, unreadable, unfinished }: RuntimeReport): string[][] {
  return [
    ...runtimes.map(({ name, packageName, tfjs, tensorflow, cuda, bytes, folder }) => [
      name, `${packageName} ${tfjs}, TensorFlow ${tensorflow}${cuda === undefined ? '' : `, CUDA ${cuda.version} for compute capability ${cuda.computeCapabilities.join(', ')} and later`}`, formatBytes(bytes), folder,
    ]),
    ...unreadable.map(({ name, why }) => [name, `cannot be used: ${why}; remove it with efcp runtime remove ${name}`, '', home]),
    ...unfinished.map(name => [name, 'unfinished; efcp runtime install goes on with it', '', home]),
  ];
}
