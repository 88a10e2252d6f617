import path from 'node:path';
import type { Page } from 'playwright-core';

/** Writes a picture of the whole window to the git-ignored folder test-results/screenshots, and tells where it is. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const file = path.resolve('test-results/screenshots', `${name}.png`);
  await page.screenshot({ path: file });
  return file;
}
