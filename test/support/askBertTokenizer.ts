/** Asks the Python package transformers, where EFCP_PYTHON or the python3 on the PATH has it. */
import { spawnSync } from 'node:child_process';

export type Sentences = readonly [string] | readonly [string, string];

export interface BertTokens {
  readonly tokens: readonly number[];
  readonly segments: readonly number[];
}

/** `missing` says what this machine lacks. */
export function askBertTokenizer(vocabulary: string, lines: readonly Sentences[], maxTokens: number): { readonly version: string; readonly answers: readonly BertTokens[] } | { readonly missing: string } {
  const { EFCP_PYTHON: python = 'python3' } = process.env;
  const found = spawnSync(python, ['-c', 'import transformers'], { encoding: 'utf8' });
  if (found.error !== undefined || found.status !== 0) return { missing: `${python} has no transformers; pip install transformers brings it, EFCP_PYTHON names another Python` };
  const { status, stdout, stderr } = spawnSync(python, ['test/support/askBertTokenizer.py'], { input: JSON.stringify({ vocabulary, lines, maxTokens }), encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`transformers failed: ${stderr}`);
  return JSON.parse(stdout) as { version: string; answers: BertTokens[] };
}
