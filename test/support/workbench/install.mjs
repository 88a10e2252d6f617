// Installs the rig once, from npm packages alone. A folder is complete or absent: it is built beside its place and then renamed.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { npm } from '../npm.mjs';
import { isInstalled, nodePackage, rigFolder, rigIn, serverVersion } from './rig.mjs';

/** Makes sure that `rigFolder` holds a rig. */
export async function installRig() {
  if (isInstalled(rigFolder)) return;
  refuseForeignFolder();
  mkdirSync(path.dirname(rigFolder), { recursive: true });
  const building = mkdtempSync(`${rigFolder}-building-`);
  const started = Date.now();
  console.log(`Installing a VS Code workbench into ${rigFolder}: once, about a minute, 820 MB …`);
  try {
    await installPackages(building);
    await buildNatives(building);
    moveIntoPlace(building);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  console.log(`Workbench installed in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
}

/** A folder that somebody named is only ever replaced when a rig is what it holds. */
function refuseForeignFolder() {
  if (!existsSync(rigFolder) || readdirSync(rigFolder).length === 0 || existsSync(path.join(rigFolder, 'node_modules/code-server'))) return;
  throw new Error(`EFCP_WORKBENCH_HOME: ${rigFolder} holds something that is no workbench. Empty it or name another folder.`);
}

async function installPackages(folder) {
  const node = nodePackage();
  const dependencies = { 'code-server': serverVersion, ...(node && { [node.name]: node.version }) };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'efcp-workbench', private: true, dependencies }));
  const { vscode } = rigIn(folder);
  const steps = [['VS Code server and its Node', folder], ['packages of the server', vscode], ['packages of the built-in extensions', path.join(vscode, 'extensions')]];
  for (const [what, cwd] of steps) {
    console.log(`  ${what} …`);
    await npm(['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', cwd], { cwd });
  }
}

/** Two native modules: the server works without them, only its log is noisier, so a machine without a compiler goes on. */
async function buildNatives(folder) {
  const { node, nodeHeaders, vscode } = rigIn(folder);
  if (nodeHeaders === undefined) return; // the build would try to download them
  console.log('  native modules …');
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`, npm_config_nodedir: nodeHeaders };
  try {
    await npm(['rebuild', '--prefix', vscode, '@vscode/spdlog', '@vscode/native-watchdog'], { cwd: vscode, env });
  } catch {
    console.log('  … not built (no C++ compiler?); going on without them.');
  }
}

/** Another process may have finished first: then its rig stays. */
function moveIntoPlace(building) {
  if (isInstalled(rigFolder)) return;
  rmSync(rigFolder, { recursive: true, force: true });
  try {
    renameSync(building, rigFolder);
  } catch (error) {
    if (!isInstalled(rigFolder)) throw error;
  }
}
