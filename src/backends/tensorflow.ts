/**
 * TensorFlow's own kernels, on a GPU where there is one, through the copy of @tensorflow/tfjs-node-gpu or tfjs-node that
 * the user's workspace has installed. It registers itself with the same engine as ours, so the versions must agree.
 */
import { setBackend, version_core as ourVersion } from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Backend } from './backend';

const packages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

export interface InstalledTensorFlow {
  readonly packageName: string;
  readonly version: string;
  readonly entry: string;
}

/** Finds the package in a workspace, without loading it. */
export function findTensorFlow(workspace: string | undefined): InstalledTensorFlow | undefined {
  if (workspace === undefined) return undefined;
  const resolve = createRequire(path.join(workspace, 'package.json'));
  for (const packageName of packages) {
    try {
      const { version } = resolve(`${packageName}/package.json`) as { version: string };
      return { packageName, version, entry: resolve.resolve(packageName) };
    } catch {
      // Not installed here: the next one, or none.
    }
  }
  return undefined;
}

export async function loadTensorFlow({ packageName, version, entry }: InstalledTensorFlow): Promise<Backend> {
  if (version.split('.')[0] !== ourVersion.split('.')[0]) {
    throw new Error(`${packageName} ${version} in the workspace does not fit TensorFlow.js ${ourVersion} here. Install version ${ourVersion}, or set "backend": "wasm".`);
  }
  try {
    createRequire(entry)(entry);
  } catch (error) {
    throw new Error(`${packageName} ${version} is installed in the workspace but does not load: ${firstLine(error)} Reinstall it for this Node (${process.version}), or set "backend": "wasm".`, { cause: error });
  }
  if (!await setBackend('tensorflow')) throw new Error(`${packageName} ${version} loaded but its backend did not start. Set "backend": "wasm".`);
  return { name: 'tensorflow', version, reason: `${packageName} ${version} is installed in the workspace` };
}

function firstLine(error: unknown): string {
  const line = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  return line.endsWith('.') ? line : `${line}.`;
}
