import type { Page } from 'playwright-core';
import { quickPickRow } from './pickItem';

/** Runs a command as a user does, by its label in the palette, for example `Developer: Reload Window`. */
export async function runCommand(page: Page, label: string, timeoutMs = 30_000): Promise<void> {
  const row = quickPickRow(page, label);
  // The palette's list is a snapshot: opened before the extension has registered its commands, it never shows them.
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; ) {
    await page.keyboard.press('F1');
    const typed = page.locator('.quick-input-widget input').first().fill(`>${label}`, { timeout: 5000 });
    if (await typed.then(() => row.click({ timeout: 1500 })).then(() => true, () => false)) return;
    await page.keyboard.press('Escape');
  }
  throw new Error(`The palette did not list "${label}" within ${timeoutMs / 1000} s.`);
}
