// Processes that outlive what started them, even those in a group of their own: found by a variable that all of them inherited.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** `{ pid, command }` of every process whose environment holds `NAME=value`, except this one. */
export function processesWith(variable, value) {
  const mark = `${variable}=${value}`;
  const found = process.platform === 'linux' ? fromProc(mark) : process.platform === 'win32' ? [] : fromPs(mark);
  return found.filter(({ pid }) => pid !== process.pid);
}

/** Gives them `grace` milliseconds to end by themselves, then ends the rest and returns it. */
export async function endProcessesWith(variable, value, grace) {
  for (const deadline = Date.now() + grace; Date.now() < deadline && processesWith(variable, value).length > 0; ) await sleep(100);
  const left = processesWith(variable, value);
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended in between, which is what was wanted.
    }
  }
  return left;
}

function fromProc(mark) {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).flatMap(pid => {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark)) return [];
      return [{ pid: Number(pid), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() }];
    } catch {
      return []; // ended meanwhile, or somebody else's
    }
  });
}

function fromPs(mark) {
  const lines = execFileSync('ps', ['-axEww', '-o', 'pid=,command='], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n');
  return lines.filter(line => line.includes(mark)).map(line => ({ pid: Number.parseInt(line, 10), command: line.trim().slice(0, 200) }));
}
