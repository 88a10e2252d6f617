/** Has a backend measured in a process of its own, and answers in any case: with the time of a step, or why it cannot be used. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { alternative, type Alternative } from '../../protocol/backends';
import { answerMark } from './answerMark';
import type { ProbeRequest } from './probe';

/** A driver that compiles its kernels for the first time takes long; one that hangs takes for ever. */
const patienceMs = 60_000;
const mostOutput = 64 * 1024;

export async function measureBackend(request: ProbeRequest, stop: AbortSignal): Promise<Alternative> {
  const child = spawn(process.execPath, [path.join(request.place.assets, 'trainer.js'), '--probe', JSON.stringify(request)], {
    stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, signal: stop, killSignal: 'SIGKILL', timeout: patienceMs,
  });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (text: Buffer) => { output = (output + text.toString()).slice(-mostOutput); });
  child.stderr.on('data', (text: Buffer) => { errors = (errors + text.toString()).slice(-mostOutput); });
  const ended = await new Promise<string>(resolve => {
    child.once('error', error => { resolve(stop.aborted ? 'it was not waited for' : `it could not be started (${error.message})`); });
    child.once('close', (code, signal) => { resolve(signal === null ? `it ended with exit code ${String(code)}` : child.killed ? `it did not answer within ${patienceMs / 1000} s` : `it was ended by ${signal}`); });
  });
  const answer = output.split('\n').findLast(line => line.startsWith(answerMark));
  if (answer !== undefined) return alternative.parse(JSON.parse(answer.slice(answerMark.length)));
  const said = errors.trim().split('\n').at(-1) ?? '';
  return { name: request.backend, refused: `its process gave no answer: ${ended}${said === '' ? '' : `, and said: ${said}`}` };
}
