// The packages of package-lock.json, installed when they are not there at exactly those versions.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { npm } from './npm.mjs';
import { repository } from './repository.mjs';

/** Installs what the lock file names, when it differs from what node_modules holds. */
export async function installDependencies() {
  if (areInstalled()) return;
  console.log('Installing the packages of package-lock.json (npm ci) …');
  const started = Date.now();
  await npm(['ci'], { cwd: repository, env: { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' } });
  console.log(`Installed in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
}

/** npm writes its own list of what it installed last, after everything else: a half-finished install has none. */
function areInstalled() {
  const wanted = packagesOf('package-lock.json');
  const installed = packagesOf('node_modules/.package-lock.json');
  if (installed === undefined) return false;
  return Object.entries(wanted).every(([name, { version, optional }]) => name === '' || optional || installed[name]?.version === version);
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(path.join(repository, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}
