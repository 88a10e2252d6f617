/** Finds the workbench page of an editor that was started with a debugging port. */
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type Page } from 'playwright-core';

/** What every workbench shows once it is up. */
export const statusBar = '.monaco-workbench .part.statusbar';

export async function connectToPage(port: number, timeoutMs: number): Promise<{ browser: Browser; page: Page }> {
  const deadline = Date.now() + timeoutMs;
  const browser = await connect(port, deadline);
  while (Date.now() < deadline) {
    // A desktop has hidden pages too: the one wanted shows a workbench.
    for (const page of browser.contexts().flatMap(context => context.pages())) {
      if (await page.locator(statusBar).isVisible().catch(() => false)) return { browser, page };
    }
    await sleep(100);
  }
  await browser.close();
  throw new Error(`No page of the editor showed a workbench within ${timeoutMs / 1000} s.`);
}

/** The editor opens its port some time after it was started. */
async function connect(port: number, deadline: number): Promise<Browser> {
  for (;;) {
    try {
      return await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await sleep(200);
  }
}
