import type { FrameLocator, Page } from 'playwright-core';

/** The document of the visible webview: the editor puts it inside two frames. */
export function webviewFrame(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
}
