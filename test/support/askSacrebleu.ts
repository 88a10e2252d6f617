/** Asks the Python package sacrebleu, where EFCP_PYTHON or the python3 on the PATH has it. */
import { spawnSync } from 'node:child_process';
import type { BleuSettings } from '../../src/evaluation/bleu';

export interface BleuCase extends BleuSettings {
  readonly hypotheses: readonly string[];
  readonly references: readonly (readonly string[])[];
}

export interface BleuAnswer {
  readonly score: number;
  readonly precisions: readonly number[];
  readonly brevityPenalty: number;
  readonly words: number;
  readonly referenceWords: number;
}

/** `missing` says what this machine lacks. */
export function askSacrebleu(cases: readonly BleuCase[]): { readonly version: string; readonly answers: readonly BleuAnswer[] } | { readonly missing: string } {
  const { EFCP_PYTHON: python = 'python3' } = process.env;
  const found = spawnSync(python, ['-c', 'import sacrebleu'], { encoding: 'utf8' });
  if (found.error !== undefined || found.status !== 0) return { missing: `${python} has no sacrebleu; pip install sacrebleu brings it, EFCP_PYTHON names another Python` };
  const { status, stdout, stderr } = spawnSync(python, ['test/support/askSacrebleu.py'], { input: JSON.stringify(cases), encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`sacrebleu failed: ${stderr}`);
  return JSON.parse(stdout) as { version: string; answers: BleuAnswer[] };
}
