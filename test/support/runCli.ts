import { spawn } from 'node:child_process';
import path from 'node:path';
import { assets } from './assets';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line in `folder`; `onLine` hears every line of stdout and may signal the process; `env` is added to ours; `input` is what it reads. */
export function runCli(args: readonly string[], folder: string, onLine: (line: string, signal: (name: NodeJS.Signals) => void) => void = () => undefined, env: Readonly<Record<string, string>> = {}, input = ''): Promise<CliResult> {
  const child = spawn(process.execPath, [path.join(assets, 'cli.js'), ...args], { cwd: folder, env: { ...process.env, ...env } });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  let stdout = '';
  let stderr = '';
  let unread = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const lines = (unread + text).split('\n');
    unread = lines.pop() ?? '';
    for (const line of lines) onLine(line, name => child.kill(name));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text; });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => { resolve({ code, stdout, stderr }); });
  });
}
