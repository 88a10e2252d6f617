/** A program run to its end, in a process group of its own: what is cancelled ends with everything that it started. */
import { spawn } from 'node:child_process';

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Hears every line of the standard output; without it the output is kept like the errors are. */
  readonly onLine?: (line: string) => void;
}

/** The program did not start, or ended with something other than 0. */
export class ProgramFailure extends Error {
  override readonly name = 'ProgramFailure';

  constructor(readonly program: string, readonly how: string, readonly lastLines: string) {
    super(`${program} ${how}${lastLines === '' ? '' : `:\n${lastLines}`}`);
  }
}

/** Lines of the output that a failure quotes, and characters kept of it. */
const quotedLines = 12;
const keptCharacters = 64 * 1024;
/** Milliseconds from the request to end to the end by force. */
const grace = 3000;

/** Resolves to what the program wrote, its last 64 Ki characters; rejects with the signal's reason when that aborts. */
export function runProgram([program, ...args]: readonly [string, ...string[]], { cwd, env, signal, onLine }: ProgramOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(program, args, { cwd, env, detached: process.platform !== 'win32', stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let output = '';
    let unread = '';
    const keep = (text: string) => { output = (output + text).slice(-keptCharacters); };
    child.stderr.setEncoding('utf8').on('data', keep);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (onLine === undefined) {
        keep(text);
        return;
      }
      const lines = (unread + text).split('\n');
      unread = lines.pop() ?? '';
      lines.forEach(onLine);
    });
    let force: NodeJS.Timeout | undefined;
    const cancel = () => {
      end(child.pid, 'SIGTERM');
      force = setTimeout(() => end(child.pid, 'SIGKILL'), grace);
    };
    signal?.addEventListener('abort', cancel);
    const settle = (finish: () => void) => {
      clearTimeout(force);
      signal?.removeEventListener('abort', cancel);
      if (signal?.aborted) reject(signal.reason as Error);
      else finish();
    };
    const fail = (how: string) => settle(() => reject(new ProgramFailure(program, how, output.trimEnd().split('\n').slice(-quotedLines).join('\n'))));
    child.once('error', error => { fail(`does not start (${error.message})`); });
    child.once('close', (code, killed) => {
      if (code === 0) settle(() => resolve(output));
      else fail(killed === null ? `ended with exit code ${code ?? ''}` : `was ended by ${killed}`);
    });
  });
}

function end(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // It has ended already.
  }
}
