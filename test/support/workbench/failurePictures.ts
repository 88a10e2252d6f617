import { afterEach } from 'mocha';
import type { Page } from 'playwright-core';
import { screenshot } from './screenshot';

const pages = new Set<Page>();

/** From now on, a failing test leaves a picture of this page beside the other screenshots. */
export function pictureFailuresOf(page: Page): void {
  pages.add(page);
  page.once('close', () => pages.delete(page));
}

afterEach(async function () {
  if (this.currentTest?.state !== 'failed') return;
  const name = `failed ${this.currentTest.fullTitle()}`.replaceAll(/[^a-zA-Z0-9]+/g, '-');
  for (const page of pages) console.log(`      picture: ${await screenshot(page, name)}`);
});
