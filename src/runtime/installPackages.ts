/** TensorFlow.js's Node package and what it needs, from npm by a lock file with their hashes; no install script is run. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import lock from './packages.lock.json';
import type { RuntimePlan } from './pins';
import { RuntimeRefusal } from './refusal';
import { ProgramFailure, runProgram } from './runProgram';
import type { Tools } from './tools';

/** Of the lock file both packages are part; the one that is not wanted is left out. */
const packageNames = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'];

export async function installPackages({ packageName }: RuntimePlan, folder: string, npm: Tools['npm'], signal: AbortSignal): Promise<void> {
  const { manifest, lockFile } = lockFor(packageName);
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(path.join(folder, 'package-lock.json'), `${JSON.stringify(lockFile, null, 2)}\n`);
  try {
    await runProgram([...npm, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--no-update-notifier'], { cwd: folder, signal });
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    throw new RuntimeRefusal('packages', `npm could not install ${packageName}.`, remedyFor(error.lastLines), error.lastLines);
  }
  await removeMaps(path.join(folder, 'node_modules'));
}

export function lockFor(packageName: string) {
  const { packages: { '': root, ...packages }, ...rest } = lock;
  const others = packageNames.filter(name => name !== packageName);
  const keep = <Value>(entries: Readonly<Record<string, Value>>, prefix = '') => Object.fromEntries(Object.entries(entries).filter(([name]) => !others.some(other => name === prefix + other || name.startsWith(`${prefix}${other}/`))));
  const dependencies = keep(root.dependencies);
  return {
    manifest: { name: root.name, private: true, dependencies },
    lockFile: { ...rest, packages: { '': { ...root, dependencies }, ...keep<unknown>(packages, 'node_modules/') } },
  };
}

/** Source maps are two thirds of the packages, and nobody debugs them here. */
async function removeMaps(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) if (name.endsWith('.map')) await rm(path.join(folder, name));
}

function remedyFor(output: string): string {
  if (/ENOSPC/.test(output)) return 'Make room and run the command again.';
  if (/EINTEGRITY/.test(output)) return 'The registry offers another file under this name: do not use it. Empty npm\'s cache (npm cache clean --force) and run the command again.';
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENOTCACHED|network/i.test(output)) return 'Check the connection and npm\'s settings (npm config get registry), and run the command again. In a closed network, point npm at the mirror there.';
  return 'Look at what npm says, and run the command again.';
}
