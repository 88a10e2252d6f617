/**
 * What makes WebGPU in Node: Dawn, as the npm package `webgpu`. It is 130 MB of native files for all platforms, so it comes from
 * the user's workspace, or from beside us. Finding it loads nothing.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { firstLineAsSentence } from './firstLineAsSentence';
import type { BackendPlace } from './loadBackend';

const packageName = 'webgpu';

export interface InstalledWebgpu {
  readonly version: string;
  readonly entry: string;
  /** Folder of the package. */
  readonly folder: string;
}

export function findWebgpu({ workspace, assets }: BackendPlace): InstalledWebgpu | undefined {
  for (const place of [workspace, assets]) {
    if (place === undefined) continue;
    try {
      const entry = createRequire(path.join(place, 'package.json')).resolve(packageName);
      const folder = path.dirname(entry);
      const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string };
      return { version, entry, folder };
    } catch {
      // Not installed here: the next place, or none.
    }
  }
  return undefined;
}

export function noWebgpu({ workspace }: BackendPlace): Error {
  return new Error(`the npm package ${packageName} is neither in ${workspace ?? 'a workspace (none is open)'} nor beside EFCP Studio. Install it there: npm install ${packageName}.`);
}

/** The C library that this process runs on, where it is glibc. */
export function glibcVersion(): string | undefined {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime;
}

/** Says in our words why the package did not load: dlopen and Node say it in theirs. */
export function explainLoading({ version, folder }: InstalledWebgpu, error: unknown, glibc: string | undefined): Error {
  const said = firstLineAsSentence(error);
  const what = `${packageName} ${version} in ${folder} does not load`;
  const [, library, needed] = /(GLIBC|GLIBCXX|CXXABI)_([\d.]+)' not found/.exec(said) ?? [];
  const explained = library === undefined || needed === undefined
    ? isMissing(error)
      ? `${what}: it has no files for ${process.platform} ${process.arch}. Install it again (npm install ${packageName}), or use another backend on this machine.`
      : `${what}: ${said} Install it again: npm install ${packageName}.`
    : library === 'GLIBC'
      ? `${what}: it needs glibc ${needed}, but this system has ${glibc ?? 'another C library'}. Use a newer system or an older version of the package; 0.6.2 needs glibc 2.34.`
      : `${what}: it needs ${library} ${needed}, which this system's libstdc++ lacks. Use a newer system or another version of the package; 0.6.2 loads on Debian 12.`;
  return new Error(explained, { cause: error });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND');
}
