// npm as it is started on this platform.
import { runQuietly } from './command.mjs';

/** Runs npm silently in a folder; throws with its output when it fails. */
export function npm(parameters, { cwd, env = process.env }) {
  const windows = process.platform === 'win32'; // npm is a .cmd file there, which only a shell starts
  return runQuietly(windows ? 'npm.cmd' : 'npm', parameters, { cwd, shell: windows, env });
}
