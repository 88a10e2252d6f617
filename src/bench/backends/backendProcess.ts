/** A process that measures one backend, seen from the bench. Whatever becomes of it is an answer, its death too. */
import { fork } from 'node:child_process';
import type { Answer, Failed, Request } from './turns';

/** The program whose process serves measurements when it is forked with these words. */
export interface MeasuringProgram {
  readonly file: string;
  readonly words: readonly string[];
}

export interface BackendProcess {
  /** One request at a time. Rejects only when the bench is interrupted. */
  ask(request: Request): Promise<Answer>;
  end(): void;
}

/** Characters of what the process wrote last, to explain its death. */
const lastWords = 2000;

export function startBackendProcess({ file, words }: MeasuringProgram, signal: AbortSignal): BackendProcess {
  const child = fork(file, words, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'advanced' });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => { said = (said + text).slice(-lastWords); });
  const death = new Promise<Failed>(resolve => {
    child.once('error', error => { resolve({ type: 'failed', message: `its process does not start: ${error.message}` }); });
    child.once('close', (code, signal) => { resolve({ type: 'failed', message: `its process ended (${signal ?? `exit code ${code ?? 'unknown'}`}). ${inOneLine(said)}`.trim() }); });
  });
  const interrupted = aborted(signal);
  // Heard by whoever asks; there may be nobody.
  interrupted.catch(() => undefined);
  return {
    ask: request => Promise.race([death, replyTo(child, request), interrupted]),
    // It may be in the middle of a long step, where it hears nothing.
    end: () => { child.kill('SIGKILL'); },
  };
}

function replyTo(child: ReturnType<typeof fork>, request: Request): Promise<Answer> {
  return new Promise(resolve => {
    child.once('message', answer => { resolve(answer as Answer); });
    // Where it cannot be sent, the process is dead and says so itself.
    child.send(request, () => undefined);
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => { reject(signal.reason as Error); };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** The last lines that say something: no stack, no frame around an error. */
function inOneLine(text: string): string {
  const lines = text.split('\n').map(line => line.trim()).filter(line => /\w/.test(line) && !/^(at |node:|Node\.js v)/.test(line));
  return lines.slice(-4).join(' | ');
}
