// Headless Chromium with a profile that is thrown away, and no way out of this machine.
import { scratchFolder } from '../scratchFolder.mjs';
import { ensureChromium } from './chromium.mjs';

const flags = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];

/** Opens it on one page of 1440 x 900; with `debuggingPort` a second program can drive the same page. */
export async function openBrowser({ debuggingPort }) {
  const { chromium } = await import('playwright-core');
  const context = await chromium.launchPersistentContext(scratchFolder('chromium'), {
    executablePath: await ensureChromium(),
    headless: true,
    viewport: { width: 1440, height: 900 },
    handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false, // they would end this process before the server is stopped
    args: [...flags, ...(debuggingPort ? [`--remote-debugging-port=${debuggingPort}`] : [])],
  });
  const page = context.pages()[0] ?? await context.newPage();
  return { page, close: () => context.close().catch(() => {}) };
}
