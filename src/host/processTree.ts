/** Ends the trainer's process with everything it started: a process group, on Windows a tree. */
import { execFile } from 'node:child_process';

/** Politely (SIGTERM), or not (SIGKILL). A tree that is gone already is no error. */
export function endTree(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (process.platform === 'win32') {
    execFile('taskkill', ['/pid', String(pid), '/T', ...(signal === 'SIGKILL' ? ['/F'] : [])], { windowsHide: true }, () => undefined);
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // macOS says EPERM of a group that holds only zombies.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
