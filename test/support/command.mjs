// One program, run to its end: either seen live, or silent and shown only when it fails.
import { isInterrupted, startGroup } from './processGroup.mjs';

/** Exit code of the program; it prints where this process prints. 1 when a signal ended it or it could not be started. */
export function runLive(program, parameters, options = {}) {
  return new Promise(resolve => {
    const child = startGroup(program, parameters, options);
    child.once('error', error => {
      console.error(String(error));
      resolve(1);
    });
    child.once('exit', code => isInterrupted() || resolve(code ?? 1)); // after Ctrl-C nothing is to follow
  });
}

/** Runs silently; when the program fails, throws with the end of what it printed. */
export function runQuietly(program, parameters, options = {}) {
  return new Promise((resolve, reject) => {
    const child = startGroup(program, parameters, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk));
    const fail = why => reject(new Error(`${[program, ...parameters].join(' ')}: ${why}\n${output.slice(-4000)}`));
    child.once('error', error => fail(error.message));
    child.once('close', code => isInterrupted() || (code === 0 ? resolve() : fail(`exit code ${code}`)));
  });
}
