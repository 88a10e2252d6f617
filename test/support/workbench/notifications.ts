import type { Locator, Page } from 'playwright-core';
import { runCommand } from './runCommand';

/** Opens the list of notifications; the rig pops none up, and the desktop hides them after a while. Rows come and go in it as they do in the editor. */
export async function openNotifications(page: Page, timeoutMs = 30_000): Promise<Locator> {
  const list = page.locator('.notifications-center.visible');
  if (!await list.isVisible()) await runCommand(page, 'Notifications: Show Notifications', timeoutMs);
  await list.waitFor({ timeout: timeoutMs });
  return list.locator('.notification-list-item');
}
