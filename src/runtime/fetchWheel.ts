/** One wheel, in hand and known to be the pinned one: from a folder that was given, from an earlier attempt, or from pip. */
import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { sha256Of } from './digest';
import type { PinnedWheel } from './pins';
import { RuntimeRefusal } from './refusal';
import { ProgramFailure, runProgram } from './runProgram';
import type { Staging } from './staging';
import type { Tools } from './tools';

export interface Fetching {
  readonly python: Tools['python'];
  readonly pinned: PinnedWheel;
  readonly staging: Staging;
  /** A folder that holds the wheels already; nothing is then downloaded. */
  readonly from: string | undefined;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

/** Milliseconds between two looks at how much has come. */
const lookInterval = 300;

/** Resolves to the file's path. */
export async function fetchWheel(fetching: Fetching): Promise<string> {
  const { pinned, staging, from, signal } = fetching;
  if (from !== undefined) return givenWheel(from, pinned, signal);
  const file = path.join(staging.wheels, pinned.file);
  if (existsSync(file)) {
    if (await sha256Of(file, signal) === pinned.sha256) return file;
    await rm(file);
  }
  await download(fetching);
  if (!existsSync(file)) throw new RuntimeRefusal('download', `pip did not bring ${pinned.file}.`, 'Look at what its index offers, or give the wheel with --from DIR.', (await readdir(staging.wheels)).join(', '));
  const found = await sha256Of(file, signal);
  if (found === pinned.sha256) return file;
  await rm(file);
  throw new RuntimeRefusal('checksum', `${pinned.file} as downloaded has the SHA-256 ${found}, but ${pinned.sha256} is expected.`, 'The file was removed. Run the command again; if it fails again, the index offers another file under this name: do not use it.');
}

async function givenWheel(folder: string, { file, sha256 }: PinnedWheel, signal: AbortSignal): Promise<string> {
  const wheel = path.join(folder, file);
  if (!existsSync(wheel)) throw new RuntimeRefusal('download', `${folder} does not hold ${file}.`, 'Put it there, or leave --from out to download it.');
  const found = await sha256Of(wheel, signal);
  if (found !== sha256) throw new RuntimeRefusal('checksum', `${wheel} has the SHA-256 ${found}, but ${sha256} is expected.`, 'Replace it by the published file.');
  return wheel;
}

/** The tags are said outright, so that any Python serves: what is taken from the wheel has nothing to do with its version. */
async function download({ python, pinned, staging, signal, onBytes }: Fetching): Promise<void> {
  const platform = pinned.file.replace(/\.whl$/, '').split('-').at(-1)?.split('.')[0] ?? '';
  const looking = setInterval(() => { void bytesIn(staging.temporary, staging.wheels).then(bytes => onBytes(Math.min(bytes, pinned.bytes))); }, lookInterval);
  try {
    await runProgram([
      ...python, '-m', 'pip', 'download', `${pinned.project}==${pinned.version}`, '--no-deps', '--only-binary=:all:', '--implementation', 'cp', '--python-version', '3.11', '--abi', 'cp311',
      '--platform', platform, '--dest', staging.wheels, '--no-input', '--disable-pip-version-check', '--progress-bar', 'off',
    ], { signal, env: { ...process.env, TMPDIR: staging.temporary } });
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    throw new RuntimeRefusal('download', `pip could not download ${pinned.project} ${pinned.version}.`, remedyFor(error.lastLines, pinned), error.lastLines);
  } finally {
    clearInterval(looking);
  }
  onBytes(pinned.bytes);
}

function remedyFor(output: string, { file }: PinnedWheel): string {
  if (/No space left/i.test(output)) return 'Make room, on the disk of pip\'s cache too, and run the command again: what is finished is kept.';
  if (/resolve|connection|timed out|unreachable|proxy|SSL|NewConnectionError/i.test(output)) return `Check the connection and pip's settings, and run the command again: what is finished is kept. Without a connection, put ${file} into a folder and name it with --from.`;
  return `Look at what pip says. A newer pip may help (python3 -m pip install --upgrade pip), or put ${file} into a folder and name it with --from.`;
}

/** Bytes of the regular files in these folders, in all. Files may go while we look. */
async function bytesIn(...folders: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const folder of folders) {
    for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
      bytes += await stat(path.join(folder, name)).then(found => found.isFile() ? found.size : 0, () => 0);
    }
  }
  return bytes;
}
