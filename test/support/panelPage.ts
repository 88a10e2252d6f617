/** The built panel in headless Chromium, with a host of our own: what it is sent, what it posts, what goes wrong. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import type { FromPanel, ToPanel } from '../../src/protocol/panel';
import { servePanel, type PanelServer } from './panelServer';
import type { ThemeName } from './panelThemes';
import { SnapshotPage } from './snapshotPage';
import { WebviewPage, type LoadedPage } from './webviewPage';

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
    return new PanelPage(await this.load('main', theme, size));
  }

  /** A view of step snapshots that has said that it is ready. */
  async openSnapshotView(theme: ThemeName = 'dark', size = { width: 1400, height: 1000 }): Promise<SnapshotPage> {
    return new SnapshotPage(await this.load('snapshot', theme, size));
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
  }

  private async load(bundle: 'main' | 'snapshot', theme: ThemeName, viewport: { width: number; height: number }): Promise<LoadedPage> {
    const page = await this.browser.newPage({ viewport });
    const problems: string[] = [];
    page.on('pageerror', error => problems.push(String(error)));
    page.on('console', message => { if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text()); });
    await page.addInitScript(hostStub);
    await page.goto(`${this.server.address}/${bundle}/${theme}`);
    await page.waitForFunction(() => window.posted.length > 0);
    return { page, problems };
  }
}

export class PanelPage extends WebviewPage {
  /** Sends a message and waits until it has been drawn. */
  async send(message: ToPanel): Promise<void> {
    await this.post(message);
  }

  /** What the panel posted since the last call, without `ready` and without what it only wants to know. */
  async posted(): Promise<FromPanel[]> {
    const posted = await this.takePosted<FromPanel>();
    return posted.filter(({ type }) => type !== 'forecast');
  }

  /** The next forecast that it asks for, or has asked for; earlier ones are passed over. */
  async askedForecast(): Promise<Extract<FromPanel, { type: 'forecast' }>> {
    await this.page.waitForFunction(() => window.posted.some(({ type }) => type === 'forecast'));
    const posted = await this.takePosted<FromPanel>();
    return posted.findLast(message => message.type === 'forecast')!;
  }
}

declare global {
  interface Window {
    posted: { readonly type: string }[];
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
      postMessage: (message: { readonly type: string }) => window.posted.push(structuredClone(message)),
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
