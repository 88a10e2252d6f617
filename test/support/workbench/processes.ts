/** What runs on this machine, by process id. A process that only waits to be collected by its parent has ended. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

interface Process { readonly pid: number; readonly parent: number }

export function isRunning(pid: number): boolean {
  return allProcesses().some(process => process.pid === pid);
}

/** The process ids of everything that `pid` started and everything that those started. */
export function descendants(pid: number): number[] {
  const all = allProcesses();
  const below = (parent: number): number[] => all.filter(process => process.parent === parent).flatMap(child => [child.pid, ...below(child.pid)]);
  return below(pid);
}

/** Waits until the process has ended; false when it is still there after `timeoutMs`. */
export async function hasEnded(pid: number, timeoutMs = 30_000): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isRunning(pid) && Date.now() < deadline) await sleep(100);
  return !isRunning(pid);
}

function allProcesses(): Process[] {
  const lines = process.platform === 'linux' ? linuxProcesses() : execFileSync('ps', ['-A', '-o', 'pid=,stat=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map(line => line.trim().split(/\s+/)).filter(([, state]) => state?.startsWith('Z') === false)
    .map(([pid, , parent]) => ({ pid: Number(pid), parent: Number(parent) }));
}

/** `pid state parent` from /proc; a container may lack `ps`. */
function linuxProcesses(): string[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).flatMap(pid => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8'); // pid (name) state parent …; the name may hold anything
      return [`${pid} ${stat.slice(stat.lastIndexOf(')') + 2)}`];
    } catch {
      return []; // it ended while we looked
    }
  });
}
