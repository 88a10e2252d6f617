import type { Page } from 'playwright-core';
import { pickItem } from './pickItem';
import { runCommand } from './runCommand';

/** A colour theme of each kind that the editor ships, by its label, and the class that the workbench wears under it. */
const themes = {
  'Dark Modern': 'vs-dark',
  'Light Modern': 'vs',
  'Dark High Contrast': 'hc-black',
  'Light High Contrast': 'hc-light',
} as const;

export type ColorTheme = keyof typeof themes;
export const colorThemes = Object.keys(themes) as ColorTheme[];

/** Changes the colour theme as a user does, and waits until the workbench wears it. */
export async function setColorTheme(page: Page, theme: ColorTheme): Promise<void> {
  await runCommand(page, 'Preferences: Color Theme');
  await pickItem(page, theme);
  await page.locator(`.monaco-workbench.${themes[theme]}`).waitFor();
}
