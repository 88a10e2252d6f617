/** The panel of one run: feeds it, and does what it asks. */
import * as vscode from 'vscode';
import { dispatch, type Handlers } from '../protocol/handlers';
import { fromPanel, type FromPanel, type ToPanel } from '../protocol/panel';
import type { Log } from './log';
import { PanelFeed } from './panelFeed';
import { panelHtml, panelRoot } from './panelHtml';
import type { Run } from './run';

/** What reaches beyond the run itself. */
export interface PanelActions {
  /** The user looks at this panel now. */
  focused(run: Run): void;
  /** With another backend, where it is named. */
  restart(run: Run, backend?: string): void;
  /** Goes on from the newest checkpoint; with another backend, where it is named. */
  restore(run: Run, backend?: string): void;
  reveal(run: Run): void;
}

export class RunPanel implements vscode.Disposable {
  private readonly feed: PanelFeed;

  constructor(private readonly panel: vscode.WebviewPanel, private readonly run: Run, extensionUri: vscode.Uri, private readonly actions: PanelActions, private readonly log: Log) {
    const { webview } = panel;
    this.feed = new PanelFeed(run, message => this.post(message));
    panel.title = run.record.name;
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
    panel.onDidDispose(() => this.feed.dispose());
    panel.onDidChangeViewState(() => {
      if (!panel.visible) this.feed.pause();
      if (panel.active) actions.focused(run);
    });
    webview.options = { enableScripts: true, localResourceRoots: [panelRoot(extensionUri)] };
    webview.onDidReceiveMessage((message: unknown) => this.receive(message));
    webview.html = panelHtml(webview, extensionUri);
  }

  reveal(): void {
    this.panel.reveal();
  }

  dispose(): void {
    this.panel.dispose();
  }

  private post(message: ToPanel): void {
    void this.panel.webview.postMessage(message);
  }

  private receive(message: unknown): void {
    const result = fromPanel.safeParse(message);
    if (!result.success) {
      this.log.error(`The panel sent a message that is none: ${result.error.issues[0]?.message ?? ''}`);
      return;
    }
    const { run, feed, actions } = this;
    const handlers: Handlers<FromPanel> = {
      ready: () => feed.start(),
      change: ({ settings }) => void run.change(settings),
      undo: ({ revision }) => void run.undo(revision),
      pause: () => run.pause(),
      resume: () => run.resume(),
      stop: () => run.stop(),
      restart: ({ backend }) => actions.restart(run, backend),
      restore: ({ backend }) => actions.restore(run, backend),
      revealDirectory: () => actions.reveal(run),
    };
    try {
      dispatch(handlers, result.data);
    } catch (error) {
      run.refuse(error instanceof Error ? error.message : String(error));
    }
  }
}
