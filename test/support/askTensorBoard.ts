/** Asks TensorBoard's own reader, where EFCP_PYTHON or the python3 on the PATH has it. */
import { spawnSync } from 'node:child_process';

export interface TensorBoardAnswer {
  readonly version: string;
  readonly scalars: Readonly<Record<string, readonly (readonly [step: number, value: number, wallTime: number])[]>>;
  readonly images: Readonly<Record<string, readonly [width: number, height: number]>>;
  readonly texts: Readonly<Record<string, readonly string[]>>;
  readonly hparams: Readonly<Record<string, string | number | boolean>>;
  readonly metrics: readonly string[];
  readonly group: string;
  readonly status: number;
}

/** `missing` says what this machine lacks. */
export function askTensorBoard(folder: string): TensorBoardAnswer | { readonly missing: string } {
  const { EFCP_PYTHON: python = 'python3' } = process.env;
  const found = spawnSync(python, ['-c', 'import tensorboard'], { encoding: 'utf8' });
  if (found.error !== undefined || found.status !== 0) return { missing: `${python} has no tensorboard; pip install tensorboard brings it, EFCP_PYTHON names another Python` };
  const { status, stdout, stderr } = spawnSync(python, ['test/support/askTensorBoard.py', folder], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`TensorBoard failed: ${stderr}`);
  return JSON.parse(stdout) as TensorBoardAnswer;
}
