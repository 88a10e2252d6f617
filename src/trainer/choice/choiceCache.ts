/**
 * Remembers what was measured, so that only the first run of a model with some batch size pays for it. A measurement counts for
 * thirty days, and no longer than Node, EFCP Studio and what is installed stay what they are; where one was left out, for a day,
 * because a driver may have been installed. A cache that cannot be read or written is none.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus, homedir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import type { Candidate } from '../../backends/candidates';
import { alternative, type Alternative } from '../../protocol/backends';
import { studioVersion } from '../../protocol/version';
import type { ProbeRequest } from './probe';

const entry = z.object({ measuredAt: z.iso.datetime(), measured: z.array(alternative) });
const cache = z.record(z.string(), entry);
type Cache = z.infer<typeof cache>;

const day = 24 * 3600 * 1000;

/** Everything that a measurement depends on. */
export function keyOf(candidates: readonly Candidate[], workload: ProbeRequest['workload']): string {
  const machine = [process.platform, process.arch, cpus()[0]?.model, cpus().length, process.version, studioVersion];
  return createHash('sha256').update(JSON.stringify([machine, candidates, workload])).digest('hex').slice(0, 16);
}

export function recall(key: string): readonly Alternative[] | undefined {
  return readCache()[key]?.measured;
}

export function remember(key: string, measured: readonly Alternative[]): void {
  change(kept => ({ ...kept, [key]: { measuredAt: new Date().toISOString(), measured: [...measured] } }));
}

/** After a backend has failed that was measured before. */
export function forget(key: string): void {
  change(kept => Object.fromEntries(Object.entries(kept).filter(([each]) => each !== key)));
}

function change(by: (kept: Cache) => Cache): void {
  const file = cacheFile();
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const beside = `${file}.${process.pid}`;
    writeFileSync(beside, JSON.stringify(by(readCache()), null, 1));
    renameSync(beside, file);
  } catch {
    // A folder that cannot be written costs a measurement at every start, and no run.
  }
}

function readCache(): Cache {
  try {
    const kept = cache.parse(JSON.parse(readFileSync(cacheFile(), 'utf8')));
    return Object.fromEntries(Object.entries(kept).filter(([, { measuredAt, measured }]) => Date.now() - Date.parse(measuredAt) < (measured.some(({ refused }) => refused !== undefined) ? day : 30 * day)));
  } catch {
    return {};
  }
}

function cacheFile(): string {
  return path.join(process.env['EFCP_CACHE_HOME'] ?? userCache(), 'backends.json');
}

function userCache(): string {
  if (process.platform === 'win32') return path.join(process.env['LOCALAPPDATA'] ?? path.join(homedir(), 'AppData', 'Local'), 'efcp-studio');
  if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Caches', 'efcp-studio');
  const { XDG_CACHE_HOME: cacheHome } = process.env;
  // The specification of these folders says that a relative path is to be ignored.
  return path.join(cacheHome !== undefined && path.isAbsolute(cacheHome) ? cacheHome : path.join(homedir(), '.cache'), 'efcp-studio');
}
