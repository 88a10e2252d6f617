/** The built panel in headless Chromium, with a host of our own: what it is sent, what it posts, what goes wrong. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { FromPanel, ToPanel } from '../../src/protocol/panel';
import { servePanel, type PanelServer } from './panelServer';
import { panelThemes, type ThemeName } from './panelThemes';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
  '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** The browser and the server that the tests of a file share. */
export class PanelBrowser {
  private constructor(private readonly browser: Browser, private readonly server: PanelServer) {}

  static async launch(): Promise<PanelBrowser> {
    const executablePath = findChromium();
    const server = await servePanel();
    try {
      return new PanelBrowser(await chromium.launch({ executablePath, args: flags }), server);
    } catch (error) {
      server.close();
      throw error;
    }
  }

  /** A panel that has said that it is ready. */
  async open(theme: ThemeName = 'dark', size = { width: 1400, height: 1000 }): Promise<PanelPage> {
    const page = await this.browser.newPage({ viewport: size });
    const panel = new PanelPage(page);
    await page.addInitScript(hostStub);
    await page.goto(`${this.server.address}/${theme}`);
    await page.waitForFunction(() => window.posted.length > 0);
    return panel;
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
  }
}

export class PanelPage {
  /** Errors of the console, of scripts and of the content security policy. */
  readonly problems: string[] = [];

  constructor(readonly page: Page) {
    page.on('pageerror', error => this.problems.push(String(error)));
    page.on('console', message => { if (message.type() === 'error' || message.type() === 'warning') this.problems.push(message.text()); });
  }

  /** Sends a message and waits until it has been drawn. */
  async send(message: ToPanel): Promise<void> {
    await this.page.evaluate(async sent => {
      window.postMessage(sent, '*');
      await new Promise(resolve => { setTimeout(resolve, 0); });
      await window.drawn();
    }, message);
  }

  /** What the panel posted since the last call, without `ready` and without what it only wants to know. */
  async posted(): Promise<FromPanel[]> {
    const posted = await this.page.evaluate(() => window.posted.splice(0));
    return posted.filter(({ type }) => type !== 'ready' && type !== 'forecast');
  }

  /** The next forecast that it asks for, or has asked for; earlier ones are passed over. */
  async askedForecast(): Promise<Extract<FromPanel, { type: 'forecast' }>> {
    await this.page.waitForFunction(() => window.posted.some(({ type }) => type === 'forecast'));
    const posted = await this.page.evaluate(() => window.posted.splice(0));
    return posted.findLast(message => message.type === 'forecast')!;
  }

  async figure(name: string): Promise<number | undefined> {
    const value = await this.page.locator(`[data-figure="${name}"]`).getAttribute('data-value');
    return value === null ? undefined : Number(value);
  }

  async text(selector: string): Promise<string> {
    return (await this.page.locator(selector).innerText()).trim();
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

  async close(): Promise<void> {
    await this.page.close();
  }
}

declare global {
  interface Window {
    posted: FromPanel[];
    remembered: unknown;
    /** Settles when everything that was received is drawn, pictures too. */
    drawn(): Promise<void>;
  }
}

/** Runs in the page before its scripts: the editor's side of a webview. */
function hostStub(): void {
  window.posted = [];
  window.drawn = async () => {
    const frame = () => new Promise(resolve => { requestAnimationFrame(resolve); });
    await frame();
    do await frame(); while (document.querySelector('[data-stale]') !== null);
  };
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: FromPanel) => window.posted.push(structuredClone(message)),
      setState: (state: unknown) => { window.remembered = state; },
    }),
  });
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    throw new Error(`Policy violated: ${violatedDirective} by ${blockedURI}`);
  });
}

function findChromium(): string {
  const named = process.env['EFCP_CHROMIUM'];
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Error(`EFCP_CHROMIUM names ${named}, which does not exist. Name the executable of Chromium or Chrome, or unset it.`);
  }
  const found = (process.env['PATH'] ?? '').split(path.delimiter).flatMap(folder => names.map(name => path.join(folder, name))).find(file => existsSync(file));
  if (found !== undefined) return found;
  throw new Error('The tests of the panel need Chromium or Chrome. Install one on the PATH, or name its executable in EFCP_CHROMIUM.');
}
