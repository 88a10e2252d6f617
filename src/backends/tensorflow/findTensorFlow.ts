/** Finds TensorFlow's own kernels for Node without loading them: in the workspace first, then among the managed runtimes. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { runtimeHome } from '../../runtime/runtimeHome';
import { readRuntimes, type RuntimeRecord } from '../../runtime/runtimeRecord';

const packages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

export interface TensorFlowPlace {
  readonly workspace?: string | undefined;
  /** Where managed runtimes lie; default: the user's data folder. */
  readonly runtimes?: string | undefined;
}

export interface InstalledTensorFlow {
  readonly packageName: string;
  readonly version: string;
  readonly entry: string;
  /** Where it was found, for people: `the workspace`, `the managed runtime tensorflow-2.21.0-cpu`. */
  readonly where: string;
  /** Its libraries were built for CUDA; whether they find a GPU is known when they are loaded. */
  readonly isGpuBuild: boolean;
  /** What the runtime's own record says of it; absent in a workspace. */
  readonly runtime?: RuntimeRecord;
}

/** The one to use: the first of `listTensorFlow`. */
export function findTensorFlow(place: TensorFlowPlace): InstalledTensorFlow | undefined {
  return listTensorFlow(place)[0];
}

/** All there are, in the order in which they are preferred; in each place the one for a GPU comes first. */
export function listTensorFlow({ workspace, runtimes = runtimeHome() }: TensorFlowPlace): InstalledTensorFlow[] {
  const inWorkspace = workspace === undefined ? [] : packages.flatMap(name => packageIn(workspace, name, 'the workspace') ?? []);
  const managed = readRuntimes(runtimes).runtimes.flatMap(({ folder, record }) => {
    const found = packageIn(folder, record.packageName, `the managed runtime ${record.name}`);
    return found === undefined ? [] : [{ ...found, runtime: record }];
  });
  return [...inWorkspace, ...managed];
}

export function packageIn(folder: string, packageName: string, where: string): InstalledTensorFlow | undefined {
  const resolve = createRequire(path.join(folder, 'package.json'));
  try {
    // Not by require, which would remember it when another version has taken its place.
    const { version } = JSON.parse(readFileSync(resolve.resolve(`${packageName}/package.json`), 'utf8')) as { version: string };
    return { packageName, version, entry: resolve.resolve(packageName), where, isGpuBuild: packageName === packages[0] };
  } catch {
    return undefined;
  }
}

/** For the message of a run that asks for TensorFlow where there is none. */
export function explainAbsence({ workspace }: TensorFlowPlace): string {
  return `neither ${packages.join(' nor ')} is installed in ${workspace ?? 'a workspace (none is open)'}, and there is no managed runtime. Install one (efcp runtime install, or EFCP: Install TensorFlow Runtime… in the editor), or set "backend": "wasm".`;
}
