/** Asks the Python packages subword-nmt and sacremoses, where EFCP_PYTHON or the python3 on the PATH has them. */
import { spawnSync } from 'node:child_process';

export interface BytePairAnswer {
  readonly version: string;
  readonly codes: string;
  readonly cut: readonly string[];
}

export interface MosesAnswer {
  readonly version: string;
  readonly words: readonly string[];
  /** The words joined again. */
  readonly lines: readonly string[];
}

type Missing = { readonly missing: string };

export function askSubwordNmt(lines: readonly string[], merges: number): BytePairAnswer | Missing {
  return ask('subword_nmt', { lines, merges }) as BytePairAnswer | Missing;
}

export function askSacremoses(lines: readonly string[], language: 'de' | 'en'): MosesAnswer | Missing {
  return ask('sacremoses', { lines, language }) as MosesAnswer | Missing;
}

/** `missing` says what this machine lacks. */
function ask(tool: string, request: object): unknown {
  const { EFCP_PYTHON: python = 'python3' } = process.env;
  const found = spawnSync(python, ['-c', `import ${tool}`], { encoding: 'utf8' });
  if (found.error !== undefined || found.status !== 0) return { missing: `${python} has no ${tool}; pip install ${tool.replace('_', '-')} brings it, EFCP_PYTHON names another Python` };
  const { status, stdout, stderr } = spawnSync(python, ['test/support/askTextTools.py'], { input: JSON.stringify({ tool, ...request }), encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, PYTHONIOENCODING: 'utf-8' } });
  if (status !== 0) throw new Error(`${tool} failed: ${stderr}`);
  return JSON.parse(stdout);
}
