/**
 * The trainer's process. It leads a group of its own and prints into a file, so that it outlives the window that started
 * it; a later window adopts it by its id.
 */
import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { isAlive } from '../protocol/processes';
import type { NodeChoice } from './nodePath';
import { trainerLogOf } from './trainerLog';

/** How the process ended; all absent where nobody was there to see it. */
export interface TrainerExit {
  readonly code?: number;
  readonly signal?: string;
  /** It could not even be started. */
  readonly error?: string;
}

export interface TrainerProcess {
  /** Absent when it could not be started. */
  readonly pid: number | undefined;
  readonly exited: Promise<TrainerExit>;
  /** Looks no further after it, and lets it run. */
  release(): void;
}

/** What shall be another when a run goes on: its backend, and live settings; and the checkpoint it goes on from, where that is not the newest. */
export interface WayOn {
  readonly from?: string;
  readonly backend?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface TrainerStart {
  readonly node: NodeChoice;
  readonly trainerFile: string;
  readonly directory: string;
  readonly workspace: string | undefined;
  /** Goes on from a checkpoint, with what is given here. */
  readonly resume?: WayOn;
}

export async function spawnTrainer({ node, trainerFile, directory, workspace, resume }: TrainerStart): Promise<TrainerProcess> {
  const output = await open(trainerLogOf(directory), 'a', 0o600);
  try {
    const child = spawn(node.path, [trainerFile, directory, ...(resume === undefined ? [] : ['--resume', JSON.stringify(resume)])], {
      cwd: workspace ?? directory, detached: true, windowsHide: true,
      stdio: ['ignore', output.fd, output.fd], env: { ...process.env, ...node.environment },
    });
    child.unref();
    const exited = new Promise<TrainerExit>(resolve => {
      child.once('error', error => resolve({ error: error.message }));
      child.once('exit', (code, signal) => resolve({ ...(code === null ? {} : { code }), ...(signal === null ? {} : { signal }) }));
    });
    return { pid: child.pid, exited, release: () => undefined };
  } finally {
    await output.close();
  }
}

/** Milliseconds between two looks at a process that is not our child. */
const adoptedInterval = 250;

export function adoptTrainer(pid: number): TrainerProcess {
  let timer: NodeJS.Timeout | undefined;
  const exited = new Promise<TrainerExit>(resolve => {
    timer = setInterval(() => {
      if (isAlive(pid)) return;
      clearInterval(timer);
      resolve({});
    }, adoptedInterval);
  });
  return { pid, exited, release: () => clearInterval(timer) };
}
