/** The command line, run by the Node that runs trainers, for what the editor leaves to it. */
import { spawn } from 'node:child_process';
import type { NodeChoice } from './nodePath';

export interface CliProcess {
  /** Rejects when the program cannot be started. */
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  /** Asks it to end, as Ctrl-C does. */
  cancel(): void;
}

export function startCli(node: NodeChoice, cliFile: string, args: readonly string[], onLine: (line: string) => void = () => undefined): CliProcess {
  const child = spawn(node.path, [cliFile, ...args], { env: { ...process.env, ...node.environment }, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  let [stdout, unread, stderr] = ['', '', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const lines = (unread + text).split('\n');
    unread = lines.pop() ?? '';
    lines.forEach(onLine);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text; });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => { resolve({ code, stdout, stderr }); });
  });
  return { ended, cancel: () => { child.kill('SIGTERM'); } };
}
