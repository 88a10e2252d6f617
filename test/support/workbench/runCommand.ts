import type { Page } from 'playwright-core';
import { quickPickRow } from './pickItem';

/** Runs a command as a user does, by its label in the palette, for example `Developer: Reload Window`. */
export async function runCommand(page: Page, label: string, timeoutMs = 90_000): Promise<void> {
  const row = quickPickRow(page, label);
  // The palette's list is a snapshot: opened before the extension has registered its commands, it never shows them. The patience
  // for one list grows, because a busy machine takes its time to fill it.
  let patience = 1500;
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; patience *= 2) {
    await page.keyboard.press('F1');
    const typed = page.locator('.quick-input-widget input').first().fill(`>${label}`, { timeout: 5 * patience });
    const listed = typed.then(() => row.waitFor({ timeout: patience })).then(() => true, () => false);
    // Only a row that is there is clicked: a click that is given up half-way may still run the command.
    if (await listed) {
      await row.click();
      return;
    }
    await page.keyboard.press('Escape');
  }
  throw new Error(`The palette did not list "${label}" within ${timeoutMs / 1000} s.`);
}
