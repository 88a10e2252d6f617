/** Asks Perfetto's own schema, where EFCP_PYTHON or the python3 on the PATH has it. Its trace processor is a program that no registry has. */
import { spawnSync } from 'node:child_process';

export interface PerfettoAnswer {
  /** Fields that the schema does not know. */
  readonly unknown: number;
  readonly counters: number;
  readonly instants: number;
  readonly slices: number;
  /** Slices that never end. */
  readonly open: number;
  /** Events of a track that stand after a later one. */
  readonly backwards: number;
}

/** `missing` says what this machine lacks. */
export function askPerfetto(file: string): PerfettoAnswer | { readonly missing: string } {
  const { EFCP_PYTHON: python = 'python3' } = process.env;
  const found = spawnSync(python, ['-c', 'import perfetto'], { encoding: 'utf8' });
  if (found.error !== undefined || found.status !== 0) return { missing: `${python} has no perfetto; pip install perfetto brings it, EFCP_PYTHON names another Python` };
  const { status, stdout, stderr } = spawnSync(python, ['test/support/askPerfetto.py', file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Perfetto failed: ${stderr}`);
  return JSON.parse(stdout) as PerfettoAnswer;
}
