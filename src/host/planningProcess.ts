/** The process that estimates and plans (`efcp estimate --serve`): requests go to its stdin, one a line, answers come from its stdout. */
import { spawn } from 'node:child_process';
import { parsePlanningAnswer, type PlanningAnswer, type PlanningRequest } from '../protocol/planningWire';
import type { Log } from './log';
import type { NodeChoice } from './nodePath';

export interface PlanningProcess {
  send(request: PlanningRequest): void;
  /** Closes its stdin, at which it ends; it is killed where it does not. */
  end(): void;
}

export interface PlanningStart {
  readonly node: NodeChoice;
  readonly cliFile: string;
  /** Where it looks for packages and own modules. */
  readonly folder: string | undefined;
  readonly log: Log;
  readonly answered: (answer: PlanningAnswer) => void;
  /** How it ended, in words. Called once, whether or not that was asked for. */
  readonly ended: (how: string) => void;
}

/** Milliseconds that a process may take to end by itself. */
const patienceMs = 2000;
/** Characters of what it printed last that are told. */
const lastWords = 400;

export function startPlanning({ node, cliFile, folder, log, answered, ended }: PlanningStart): PlanningProcess {
  const child = spawn(node.path, [cliFile, 'estimate', '--serve'], {
    ...(folder === undefined ? {} : { cwd: folder }), env: { ...process.env, ...node.environment }, stdio: 'pipe', windowsHide: true,
  });
  let [unread, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (unread + text).split('\n');
    unread = lines.pop() ?? '';
    for (const line of lines) read(line, log, answered);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr = (stderr + text).slice(-lastWords); });
  // Writing to a process that is gone is no error beyond its end.
  child.stdin.on('error', () => undefined);
  let isOver = false;
  const finish = (how: string) => {
    if (isOver) return;
    isOver = true;
    ended(stderr.trim() === '' ? how : `${how}: ${stderr.trim()}`);
  };
  child.once('error', error => finish(`it could not be started: ${error.message}`));
  child.once('close', (code, signal) => finish(signal === null ? `it ended with exit code ${String(code)}` : `it was ended by ${signal}`));
  return {
    send: request => { child.stdin.write(`${JSON.stringify(request)}\n`); },
    end: () => {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      timer.unref();
      child.once('close', () => clearTimeout(timer));
    },
  };
}

function read(line: string, log: Log, answered: (answer: PlanningAnswer) => void): void {
  if (line.trim() === '') return;
  const answer = parsePlanningAnswer(line);
  if (answer !== undefined) answered(answer);
  else log.warn(`Planning: an answer that is none was left out: ${line.slice(0, lastWords)}`);
}
