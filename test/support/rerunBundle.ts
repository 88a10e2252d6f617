/** Runs a bundle of tests once more in a process of its own, whose driver or native library may bring it down. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface SuiteOutcome {
  readonly passed: number;
  /** Titles and messages; one that says how the process ended, where that came before the end of the tests. */
  readonly failures: string[];
}

interface Report {
  readonly stats: { readonly passes: number };
  readonly failures: readonly { readonly fullTitle: string; readonly err: { readonly message?: string } }[];
}

/** Runs those tests of `bundle` whose titles hold `grep`; `env` is added to this process's environment. */
export async function rerunBundle(bundle: string, grep: string, env: Readonly<Record<string, string>>): Promise<SuiteOutcome> {
  const folder = mkdtempSync(path.join(tmpdir(), 'efcp-suite-'));
  try {
    const reportFile = path.join(folder, 'report.json');
    const mocha = createRequire(path.resolve('package.json')).resolve('mocha/bin/mocha.js');
    const parameters = [mocha, bundle, '--ui', 'bdd', '--grep', grep, '--timeout', '120000', '--exit', '--reporter', 'json', '--reporter-option', `output=${reportFile}`];
    const { ended, output } = await run(parameters, { ...process.env, ...env });
    const report = readReport(reportFile);
    if (report === undefined) return { passed: 0, failures: [`The tests broke off (${ended}): ${output}`] };
    const failures = report.failures.map(({ fullTitle, err }) => `${fullTitle}: ${err.message ?? ''}`);
    if (failures.length === 0 && ended !== 'exit code 0') failures.push(`The tests passed, but their process ended with ${ended}: ${output}`);
    return { passed: report.stats.passes, failures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(parameters: readonly string[], env: NodeJS.ProcessEnv): Promise<{ readonly ended: string; readonly output: string }> {
  const child = spawn(process.execPath, parameters, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => { output = (output + text.toString()).slice(-4000); });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => { resolve({ ended: signal === null ? `exit code ${code ?? 'unknown'}` : signal, output }); });
  });
}

/** Undefined where the process ended before its tests did. */
function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}
