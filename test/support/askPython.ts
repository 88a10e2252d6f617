/** Asks another tool's own reader, in Python: EFCP_PYTHON or the python3 on the PATH, where that has its package. */
import { spawnSync } from 'node:child_process';

const roomy = 1 << 28;

/** Runs test/support/SCRIPT with one argument; it answers in JSON. `missing` says what this machine lacks. */
export function askPython(module: string, script: string, argument: string): { readonly answer: unknown } | { readonly missing: string } {
  const { EFCP_PYTHON: python = 'python3' } = process.env;
  const found = spawnSync(python, ['-c', `import ${module}`], { encoding: 'utf8' });
  if (found.error !== undefined || found.status !== 0) return { missing: `${python} has no ${module}; pip install ${module} brings it, EFCP_PYTHON names another Python` };
  const { status, stdout, stderr } = spawnSync(python, [`test/support/${script}`, argument], { encoding: 'utf8', maxBuffer: roomy });
  if (status !== 0) throw new Error(`${module} failed: ${stderr}`);
  return { answer: JSON.parse(stdout) };
}
