// Programs started so that they can be ended whole: each leads a process group of its own, with everything that it starts in it.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const groups = process.platform !== 'win32'; // Windows has none: there only the program itself is ended
const running = new Set();

/** `spawn`, as the leader of a new process group. */
export function startGroup(program, parameters, options = {}) {
  const child = spawn(program, parameters, { stdio: 'inherit', ...options, detached: groups });
  running.add(child);
  child.once('error', () => running.delete(child));
  return child;
}

/** Ends a group and waits for it: asked first, forced after `grace` milliseconds. */
export async function endGroup(child, grace = 3000) {
  running.delete(child);
  if (child.pid === undefined) return;
  signal(child, 'SIGTERM');
  for (const deadline = Date.now() + grace; Date.now() < deadline && signal(child, 0); ) await sleep(50);
  signal(child, 'SIGKILL');
}

let interrupted = false;

/** Whether everything is being ended: then what a program came to no longer matters. */
export const isInterrupted = () => interrupted;

/** Makes Ctrl-C and its kin end every group that still runs, then do `last`, then end this process. Returns how to undo that. */
export function endGroupsOnInterrupt({ grace, last = () => {} } = {}) {
  const onSignal = async name => {
    if (interrupted) return;
    interrupted = true;
    await Promise.all([...running].map(child => endGroup(child, grace)));
    await last();
    process.exit(name === 'SIGINT' ? 130 : 143);
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const name of names) process.on(name, onSignal);
  return () => names.forEach(name => process.off(name, onSignal));
}

function signal(child, name) {
  try {
    return process.kill(groups ? -child.pid : child.pid, name);
  } catch {
    return false;
  }
}
