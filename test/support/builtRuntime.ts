/**
 * The CPU runtime as the command line builds it, from npm, PyPI and the compiler of this machine. It is kept between runs of the
 * tests, in the cache folder: what is there is hashed and computed on again, and built anew where that fails.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli } from './runCli';

export interface BuiltRuntime {
  readonly home: string;
  readonly alreadyThere: boolean;
  readonly seconds: number;
}

interface Outcome {
  readonly type: 'finished' | 'refused';
  readonly alreadyThere: boolean;
  readonly ms: number;
  readonly code: string;
  readonly what: string;
}

/** Refusals that say something of this machine, not of our code. */
const lacking = ['platform', 'python', 'pip', 'compiler', 'npm'];
const busyMs = 600_000;

/** `missing` says what this machine lacks. */
export async function builtRuntime(): Promise<BuiltRuntime | { readonly missing: string }> {
  const { EFCP_TEST_RUNTIMES: home } = process.env;
  if (home === undefined) throw new Error('EFCP_TEST_RUNTIMES names no folder. Run the tests through test/run.mjs.');
  for (const deadline = Date.now() + busyMs; ;) {
    const { stdout, stderr } = await runCli(['runtime', 'install', '--cpu', '--json'], process.cwd(), undefined, { EFCP_RUNTIME_HOME: home });
    const last = stdout.trim().split('\n').at(-1) ?? '';
    if (last === '') throw new Error(`efcp runtime install said nothing: ${stderr}`);
    const outcome = JSON.parse(last) as Outcome;
    if (outcome.type === 'finished') return { home, alreadyThere: outcome.alreadyThere, seconds: outcome.ms / 1000 };
    if (lacking.includes(outcome.code)) return { missing: outcome.what };
    // The tests of another clone may be building the same.
    if (outcome.code !== 'busy' || Date.now() > deadline) throw new Error(`efcp runtime install: ${last}`);
    await sleep(1000);
  }
}
