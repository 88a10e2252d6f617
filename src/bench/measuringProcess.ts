/** A process that measures for a bench, seen from the bench. Whatever becomes of it is an answer, its death too. */
import { fork, type Serializable } from 'node:child_process';

/** The program whose process serves measurements when it is forked with these words. */
export interface MeasuringProgram {
  readonly file: string;
  readonly words: readonly string[];
}

/** What the process answers where it cannot do what it was asked, and what stands for its death. */
export interface Failed { readonly type: 'failed'; readonly message: string }

export interface MeasuringProcess<Request, Answer> {
  /** One request at a time. Rejects only when the bench is interrupted. */
  ask(request: Request): Promise<Answer | Failed>;
  end(): void;
}

/** Characters of what the process wrote last, to explain its death. */
const lastWords = 2000;

export function startMeasuringProcess<Request extends Serializable, Answer>({ file, words }: MeasuringProgram, signal: AbortSignal): MeasuringProcess<Request, Answer> {
  const child = fork(file, words, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'advanced' });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => { said = (said + text).slice(-lastWords); });
  const death = new Promise<Failed>(resolve => {
    child.once('error', error => { resolve({ type: 'failed', message: `its process does not start: ${error.message}` }); });
    child.once('close', (code, signal) => { resolve({ type: 'failed', message: `its process ended (${signal ?? `exit code ${code ?? 'unknown'}`}). ${inOneLine(said)}`.trim() }); });
  });
  const over = new AbortController();
  const interrupted = aborted(signal, over.signal);
  // Heard by whoever asks; there may be nobody.
  interrupted.catch(() => undefined);
  return {
    ask: request => Promise.race([death, replyTo<Answer>(child, request), interrupted]),
    // It may be in the middle of a long step, where it hears nothing.
    end: () => {
      over.abort();
      child.kill('SIGKILL');
    },
  };
}

function replyTo<Answer>(child: ReturnType<typeof fork>, request: Serializable): Promise<Answer> {
  return new Promise(resolve => {
    child.once('message', answer => { resolve(answer as Answer); });
    // Where it cannot be sent, the process is dead and says so itself.
    child.send(request, () => undefined);
  });
}

/** Rejects when `signal` is aborted, unless it was over before. */
function aborted(signal: AbortSignal, over: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => { reject(signal.reason as Error); };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true, signal: over });
  });
}

/** The last lines that say something: no stack, no frame around an error. */
function inOneLine(text: string): string {
  const lines = text.split('\n').map(line => line.trim()).filter(line => /\w/.test(line) && !/^(at |node:|Node\.js v)/.test(line));
  return lines.slice(-4).join(' | ');
}
