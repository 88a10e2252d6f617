/**
 * The suite that every backend must pass: those tests of test/backends whose titles end in " on NAME". In the process of the
 * tests they run on cpu and wasm; for a backend whose library could bring it down they run again, in a process of their own.
 */
import path from 'node:path';
import type { BackendPlace } from '../../src/backends/loadBackend';
import { assets } from './assets';
import { rerunBundle, type SuiteOutcome } from './rerunBundle';

/** Names the one backend that a process tests. */
const mark = 'EFCP_TEST_BACKEND';
/** The folder in which it looks for packages of a workspace. */
const workspaceMark = 'EFCP_TEST_WORKSPACE';

/** The backends to make tests for. */
export function testedBackends(): readonly string[] {
  const only = process.env[mark];
  return only === undefined ? ['cpu', 'wasm'] : [only];
}

/** Whether this process was started to test this backend alone; or any one, where none is named. */
export function testsAlone(backend?: string): boolean {
  const only = process.env[mark];
  return backend === undefined ? only !== undefined : only === backend;
}

/** Where backends of this process come from. */
export function testedPlace(): BackendPlace {
  return { assets, workspace: process.env[workspaceMark] };
}

/** `env` says what the backend needs, such as a driver, a library path, or a workspace in EFCP_TEST_WORKSPACE. */
export function runBackendSuite(backend: string, env: Readonly<Record<string, string>>): Promise<SuiteOutcome> {
  return rerunBundle(path.join(assets, 'test', 'backends.js'), ` on ${backend}`, { ...env, [mark]: backend });
}
