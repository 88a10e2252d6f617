/** What a person would look at when a test of a run fails: the panel, the run directory, the processes, the notifications. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import { readRecord } from '../../../src/protocol/runDirectory';
import { eventsFile } from '../../../src/protocol/runFiles';
import { openNotifications } from './notifications';
import { isRunning } from './processes';

export interface RunScene {
  readonly page: Page;
  readonly panel: FrameLocator;
  /** Throws where there is no run yet. */
  readonly directory: () => string;
}

/** Milliseconds for each look: what cannot be seen by then is reported as unseen. */
const lookMs = 5000;

/** Short lines, each begun by what it is about. */
export async function runEvidence({ page, panel, directory }: RunScene): Promise<string[]> {
  const [status, banner, text] = await Promise.all([
    look(panel.locator('[data-status]').first().getAttribute('data-status', { timeout: lookMs })),
    look(panel.locator('[role="alert"]').first().innerText({ timeout: lookMs })),
    look(panel.locator('body').innerText({ timeout: lookMs })),
  ]);
  const notifications = await look(openNotifications(page, lookMs).then(rows => rows.allInnerTexts()).then(texts => texts.join(' | ')));
  await page.keyboard.press('Escape'); // the list would lie over the panel in the tests that follow
  return [`status in the panel: ${status}`, `banner: ${line(banner, 400)}`, `panel: ${line(text, 160)}`, ...recorded(directory), `notifications: ${line(notifications, 400)}`];
}

function recorded(directory: () => string): string[] {
  try {
    const folder = directory();
    const { pid } = readRecord(folder);
    const trainer = pid === undefined ? 'never wrote its process id' : `process ${pid} ${isRunning(pid) ? 'is running' : 'has ended'}`;
    return [`trainer: ${trainer}`, ...tail(folder, eventsFile, 3), ...tail(folder, 'trainer.log', 4)];
  } catch (error) {
    return [`run directory: ${describe(error)}`];
  }
}

function tail(folder: string, name: string, count: number): string[] {
  const file = path.join(folder, name);
  if (!existsSync(file)) return [`${name}: there is none`];
  const lines = readFileSync(file, 'utf8').split('\n').filter(text => text !== '');
  return lines.length === 0 ? [`${name}: empty`] : lines.slice(-count).map(text => `${name}: ${line(text, 160)}`);
}

function look(seeing: Promise<string | null>): Promise<string> {
  return seeing.then(seen => seen ?? 'none', (error: unknown) => `not seen (${describe(error)})`);
}

function describe(error: unknown): string {
  return line(error instanceof Error ? error.message : String(error), 120);
}

function line(text: string, longest: number): string {
  const whole = text.replaceAll(/\s+/g, ' ').trim();
  return whole.length > longest ? `${whole.slice(0, longest - 1)}…` : whole;
}
