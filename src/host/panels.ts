/** One panel per run directory: opens it, finds it again, restores it after the window was reloaded. */
import path from 'node:path';
import * as vscode from 'vscode';
import { snapshotsFolder } from '../protocol/snapshotFiles';
import type { Log } from './log';
import { RunPanel, type PanelActions } from './panel';
import { messageHtml } from './panelHtml';
import { panelType } from './panelType';
import type { Planner } from './planner';
import type { Run } from './run';
import type { Runs } from './runs';
import type { WayOn } from './trainerProcess';
import { isMade, savePicture } from './pictureSaver';

export class RunPanels implements vscode.Disposable {
  private readonly panels = new Map<string, RunPanel>();

  constructor(private readonly extensionUri: vscode.Uri, private readonly runs: Runs, private readonly log: Log, private readonly planner: () => Planner | undefined) {}

  show(run: Run): void {
    const panel = this.panels.get(run.directory);
    if (panel === undefined) this.attach(vscode.window.createWebviewPanel(panelType, run.record.name, vscode.ViewColumn.Active), run);
    else panel.reveal();
  }

  /** Fills a panel that the editor kept over a reload; `state` is what the panel's script remembered. */
  async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const directory = (state as { readonly runDirectory?: unknown } | undefined)?.runDirectory;
    if (typeof directory !== 'string') {
      panel.dispose();
      return;
    }
    try {
      const run = await this.runs.open(directory);
      this.attach(panel, run);
      if (panel.active) this.runs.setCurrent(run);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.log.error(message);
      panel.webview.html = messageHtml(message);
    }
  }

  /** The panels go with the window, not with the extension. */
  dispose(): void {
    this.panels.clear();
  }

  private attach(panel: vscode.WebviewPanel, run: Run): void {
    this.panels.set(run.directory, new RunPanel(panel, run, this.extensionUri, this.actions, this.log));
    panel.onDidDispose(() => this.panels.delete(run.directory));
  }

  private readonly actions: PanelActions = {
    focused: run => this.runs.setCurrent(run),
    restart: (run, wayOn) => void this.restart(run, wayOn),
    // As a command, which says what is wrong: the banner of a run that is over has no place for a refusal.
    restore: (run, wayOn) => void vscode.commands.executeCommand('efcp.resumeTraining', { directory: run.directory, ...wayOn }),
    fix: (run, sequence) => void vscode.commands.executeCommand('efcp.applyFix', { directory: run.directory, sequence }),
    reveal: run => void reveal(run.directory),
    planner: () => this.planner(),
    capture: run => void vscode.commands.executeCommand('efcp.takeSnapshot', { directory: run.directory }),
    openSnapshot: (run, file) => void vscode.commands.executeCommand('efcp.openSnapshot', { file: path.join(snapshotsFolder(run.directory), path.basename(file)) }),
    savePicture: (run, picture) => void (isMade(picture) ? savePicture(run, picture) : vscode.commands.executeCommand('efcp.exportRun', { directory: run.directory, format: 'svg', chart: picture.chart })),
  };

  private async restart(run: Run, wayOn: WayOn): Promise<void> {
    try {
      this.show(await this.runs.restart(run, wayOn));
    } catch (error) {
      run.refuse(error instanceof Error ? error.message : String(error));
    }
  }
}

/** A window on another machine, or in a browser, has no file manager beside it; its own explorer shows what the workspace holds. */
async function reveal(directory: string): Promise<void> {
  const uri = vscode.Uri.file(directory);
  const isLocal = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  await vscode.commands.executeCommand(isLocal ? 'revealFileInOS' : 'revealInExplorer', uri);
}
