// What a window runs while a test drives it from outside: nothing, until the file EFCP_WINDOW_END appears or its owner is gone.
// A reload of the window starts it again.
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export async function run() {
  const { EFCP_WINDOW_END: end, EFCP_WINDOW_OWNER: owner } = process.env;
  while (!existsSync(end) && isRunning(Number(owner))) await sleep(100);
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
