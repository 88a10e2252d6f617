/** The panel of one run: feeds it, and does what it asks. */
import * as vscode from 'vscode';
import { dispatch, type Handlers } from '../protocol/handlers';
import { fromPanel, type FromPanel, type ToPanel } from '../protocol/panel';
import type { Log } from './log';
import { PanelFeed } from './panelFeed';
import { panelHtml, panelRoot } from './panelHtml';
import { PanelPlanning } from './panelPlanning';
import type { Planner } from './planner';
import type { Picture } from './pictureSaver';
import type { Run } from './run';
import type { WayOn } from './trainerProcess';

/** What reaches beyond the run itself. */
export interface PanelActions {
  /** The user looks at this panel now. */
  focused(run: Run): void;
  restart(run: Run, wayOn: WayOn): void;
  /** Goes on from the newest checkpoint. */
  restore(run: Run, wayOn: WayOn): void;
  /** Does what an alarm proposes; `sequence` is the alarm's. */
  fix(run: Run, sequence: number): void;
  reveal(run: Run): void;
  /** Undefined where no process may be started. */
  planner(): Planner | undefined;
  /** Records the next step, and shows it. */
  capture(run: Run): void;
  /** Shows a recorded step, by the name of its file. */
  openSnapshot(run: Run, file: string): void;
  /** A chart as a file, as this PNG in base64 or as SVG. */
  savePicture(run: Run, picture: Picture): void;
}

export class RunPanel implements vscode.Disposable {
  private readonly feed: PanelFeed;
  private readonly planning: PanelPlanning;

  constructor(private readonly panel: vscode.WebviewPanel, private readonly run: Run, extensionUri: vscode.Uri, private readonly actions: PanelActions, private readonly log: Log) {
    const { webview } = panel;
    this.feed = new PanelFeed(run, message => this.post(message));
    this.planning = new PanelPlanning(run, () => actions.planner(), message => this.post(message));
    panel.title = run.record.name;
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
    panel.onDidDispose(() => {
      this.feed.dispose();
      this.planning.dispose();
    });
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
    const { run, feed, actions, planning } = this;
    const handlers: Handlers<FromPanel> = {
      ready: () => feed.start(),
      change: ({ settings, forecast }) => void run.change(settings, forecast),
      undo: ({ revision }) => void run.undo(revision),
      pause: () => run.pause(),
      resume: () => run.resume(),
      stop: () => run.stop(),
      restart: ({ backend, settings }) => actions.restart(run, { ...wayOn(backend), ...(settings === undefined ? {} : { settings: { ...run.state.settings, ...settings } }) }),
      restore: ({ backend }) => actions.restore(run, wayOn(backend)),
      applyFix: ({ sequence }) => actions.fix(run, sequence),
      revealDirectory: () => actions.reveal(run),
      forecast: asked => void planning.forecast(asked),
      plan: asked => void planning.plan(asked),
      cancelPlan: asked => planning.cancelPlan(asked),
      capture: () => actions.capture(run),
      openSnapshot: ({ file }) => actions.openSnapshot(run, file),
      savePicture: picture => actions.savePicture(run, picture),
    };
    try {
      dispatch(handlers, result.data);
    } catch (error) {
      run.refuse(error instanceof Error ? error.message : String(error));
    }
  }
}

function wayOn(backend: string | undefined): WayOn {
  return backend === undefined ? {} : { backend };
}
