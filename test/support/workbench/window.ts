/** A window of the editor under test, driven from outside over the browser's debugging protocol: desktop VS Code and the rig alike. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import type { Page } from 'playwright-core';
import { connectToPage, statusBar } from './connectToPage';
import { pictureFailuresOf } from './failurePictures';
import { runCommand } from './runCommand';

export interface WindowOptions {
  /** The workspace folder. */
  readonly folder: string;
  /** Added to the environment of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folder of the extension; default: this repository. */
  readonly extension?: string;
  /** User settings, added to those that keep the editor quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface EditorWindow {
  readonly page: Page;
  /** Reloads the window as a user does: its extension host ends and a new one starts. */
  reload(): Promise<void>;
  /** Ends the editor and waits until it has ended. */
  close(): Promise<void>;
}

interface Launch extends WindowOptions {
  readonly profile: string;
  readonly port: number;
  /** The editor ends when this file appears. */
  readonly endFile: string;
}

const startMs = 180_000;
/** For whatever a test waits for in the page: enough for a machine several times slower than usual. */
const actionMs = 60_000;

export async function openWindow(options: WindowOptions): Promise<EditorWindow> {
  const profile = mkdtempSync(path.join(os.tmpdir(), 'efcp-w-'));
  const endFile = path.join(profile, 'end');
  writeSettings(profile, options.settings);
  const port = await freePort();
  const ended = launch({ ...options, profile, port, endFile });
  const end = async (): Promise<void> => {
    writeFileSync(endFile, '');
    try {
      await ended;
    } finally {
      rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
    }
  };
  try {
    const { browser, page } = await Promise.race([connectToPage(port, startMs), ended.then(() => { throw new Error('The editor ended before its window was up.'); })]);
    page.setDefaultTimeout(actionMs);
    pictureFailuresOf(page);
    return { page, reload: () => reload(page), close: () => browser.close().then(end) };
  } catch (error) {
    await end().catch(() => undefined);
    throw error;
  }
}

/** Starts the editor; resolves when it has ended well. */
function launch({ folder, env, extension, profile, port, endFile }: Launch): Promise<unknown> {
  const vscodeExecutablePath = process.env.EFCP_TEST_EXECUTABLE;
  if (vscodeExecutablePath === undefined) throw new Error('EFCP_TEST_EXECUTABLE is not set: start these tests with `npm run test:workbench`.');
  const ended = runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: path.resolve(extension ?? '.'),
    extensionTestsPath: path.resolve('test/support/workbench/keepOpen.mjs'),
    extensionTestsEnv: { ...env, EFCP_WINDOW_END: endFile, EFCP_WINDOW_OWNER: String(process.pid) },
    launchArgs: [folder, `--remote-debugging-port=${port}`, `--user-data-dir=${path.join(profile, 'user')}`, `--extensions-dir=${path.join(profile, 'extensions')}`],
  });
  ended.catch(() => undefined); // whoever ends the window hears of it
  return ended;
}

function writeSettings(profile: string, settings: WindowOptions['settings']): void {
  const file = path.join(profile, 'user/User/settings.json');
  const quiet = JSON.parse(readFileSync('test/support/workbench/settings.json', 'utf8')) as Record<string, unknown>;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...quiet, ...settings }, null, 2));
}

async function reload(page: Page): Promise<void> {
  const navigated = page.waitForEvent('domcontentloaded');
  await runCommand(page, 'Developer: Reload Window');
  await navigated;
  await page.locator(statusBar).waitFor({ timeout: startMs });
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>(resolve => { probe.listen(0, '127.0.0.1', resolve); });
  const { port } = probe.address() as AddressInfo;
  await new Promise(resolve => { probe.close(resolve); });
  return port;
}
