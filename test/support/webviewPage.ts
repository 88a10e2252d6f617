/** What a page of the extension has in tests, whichever it is: what went wrong in it, its figures, its theme. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { panelThemes, type ThemeName } from './panelThemes';

export interface LoadedPage {
  readonly page: Page;
  /** Errors of the console, of scripts and of the content security policy. */
  readonly problems: string[];
}

/** With plain spaces where a figure and its unit are kept on one line. */
export function asRead(text: string): string {
  return text.replaceAll('\u00a0', ' ');
}

export class WebviewPage implements LoadedPage {
  readonly page: Page;
  readonly problems: string[];

  constructor({ page, problems }: LoadedPage) {
    this.page = page;
    this.problems = problems;
  }

  async figure(name: string): Promise<number | undefined> {
    const value = await this.page.locator(`[data-figure="${name}"]`).getAttribute('data-value');
    return value === null ? undefined : Number(value);
  }

  async text(selector: string): Promise<string> {
    return asRead(await this.page.locator(selector).innerText()).trim();
  }

  /** Settles when everything is drawn, pictures too. */
  async drawn(): Promise<void> {
    await this.page.evaluate(() => window.drawn());
  }

  /** Changes the theme as the editor does: variables of the root first, then the body. */
  async changeTheme(theme: ThemeName): Promise<void> {
    await this.page.evaluate(async ({ classes, kind, variables }) => {
      for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(`--vscode-${name}`, value);
      document.body.className = classes;
      document.body.dataset['vscodeThemeKind'] = kind;
      await window.drawn();
    }, panelThemes[theme]);
  }

  /** Grave findings of axe, each with the elements it is about. */
  async graveFindings(): Promise<string[]> {
    await this.page.evaluate(axe.source);
    const { violations } = await this.page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`);
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  /** Sends a message and waits until it has been drawn. */
  protected async post(message: object): Promise<void> {
    await this.page.evaluate(async sent => {
      window.postMessage(sent, '*');
      await new Promise(resolve => { setTimeout(resolve, 0); });
      await window.drawn();
    }, message);
  }

  /** What was posted since the last call, without `ready`. */
  protected async takePosted<Message extends { readonly type: string }>(): Promise<Message[]> {
    const posted = await this.page.evaluate(() => window.posted.splice(0));
    return (posted as Message[]).filter(({ type }) => type !== 'ready');
  }
}
