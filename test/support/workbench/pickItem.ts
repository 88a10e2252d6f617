import type { Locator, Page } from 'playwright-core';

/** The row of the open quick pick or palette with exactly this label; a description or a key may follow it. */
export function quickPickRow(page: Page, label: string): Locator {
  const [alone, followed] = [label, `${label}, `].map(text => JSON.stringify(text));
  return page.locator(`.quick-input-list .monaco-list-row[aria-label=${alone}], .quick-input-list .monaco-list-row[aria-label^=${followed}]`).first();
}

/** Types into the quick pick that is open, so that a long list shows the item, and clicks it. */
export async function pickItem(page: Page, label: string): Promise<void> {
  await page.locator('.quick-input-widget input').first().fill(label);
  await quickPickRow(page, label).click();
}
