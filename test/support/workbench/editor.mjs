// Which VS Code the tests run in: the desktop application where it can be had, else the rig.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../cacheFolder.mjs';
import { installRig } from './install.mjs';

const rig = fileURLToPath(new URL('code', import.meta.url));
const rigName = 'the VS Code workbench of npm\'s code-server in headless Chromium (not the desktop application)';

/** `{ name, executable, isRig }`, installed first where need be. EFCP_TEST_EDITOR=workbench|desktop leaves no choice. */
export async function chooseEditor() {
  const wanted = process.env.EFCP_TEST_EDITOR || 'any';
  if (!['any', 'workbench', 'desktop'].includes(wanted)) throw new Error(`EFCP_TEST_EDITOR is "${wanted}"; it may be workbench or desktop.`);
  if (wanted === 'workbench') return useRig('EFCP_TEST_EDITOR asks for it');
  const named = process.env.EFCP_VSCODE;
  if (named) {
    if (!existsSync(named)) throw new Error(`EFCP_VSCODE: there is no file ${named}. Name the executable of desktop VS Code, or unset the variable.`);
    return { name: `desktop VS Code at ${named}`, executable: named };
  }
  if (wanted === 'any' && !hasDisplay()) return useRig('there is no display for the desktop application');
  try {
    return { name: 'desktop VS Code, downloaded', executable: await download() };
  } catch (error) {
    if (wanted === 'desktop') throw new Error(`EFCP_TEST_EDITOR asks for desktop VS Code; it could not be downloaded (${error.message}). Name its executable in EFCP_VSCODE.`);
    return useRig(`desktop VS Code could not be downloaded (${error.message})`);
  }
}

/** Whether a desktop application can open a window here. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

async function useRig(why) {
  if (process.platform === 'win32') throw new Error(`${why}, and the workbench of the tests runs on Linux and macOS only. Name desktop VS Code in EFCP_VSCODE.`);
  await installRig();
  return { name: `${rigName}, because ${why}`, executable: rig, isRig: true };
}

async function download() {
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  return downloadAndUnzipVSCode({ version: 'stable', cachePath: path.join(cacheFolder, 'vscode'), timeout: 5000 });
}
