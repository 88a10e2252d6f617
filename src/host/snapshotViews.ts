/** Views of step snapshots: one in an editor of its file, two that are compared in a panel. Each reads the files anew when its script asks. */
import path from 'node:path';
import * as vscode from 'vscode';
import { dispatch, type Handlers } from '../protocol/handlers';
import { fromSnapshotView, type FromSnapshotView, type NamedFile, type ToSnapshotView } from '../protocol/snapshotPanel';
import type { Log } from './log';
import { panelHtml, panelRoot } from './panelHtml';
import { comparisonViewType, snapshotViewType } from './snapshotViewType';
import { openSource } from './sourceLine';

export class SnapshotViews {
  constructor(private readonly extensionUri: vscode.Uri, private readonly log: Log) {}

  async open(file: string): Promise<void> {
    await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), snapshotViewType);
  }

  compare(before: string, after: string): void {
    const title = `${path.basename(before, path.extname(before))} ↔ ${path.basename(after, path.extname(after))}`;
    this.fill(vscode.window.createWebviewPanel(comparisonViewType, title, vscode.ViewColumn.Active), [vscode.Uri.file(before), vscode.Uri.file(after)]);
  }

  /** Shows these files in a panel that is there. */
  fill(panel: vscode.WebviewPanel, files: readonly vscode.Uri[]): void {
    const { webview } = panel;
    panel.iconPath = vscode.Uri.joinPath(this.extensionUri, 'media', 'icon.png');
    webview.options = { enableScripts: true, localResourceRoots: [panelRoot(this.extensionUri)] };
    const handlers: Handlers<FromSnapshotView> = {
      ready: () => void this.send(webview, files),
      openSource: ({ source }) => void openSource(source, files),
      savePicture: ({ file, chart, format }) => void vscode.commands.executeCommand('efcp.exportRun', { file: files[file]?.fsPath, chart, format }),
      compare: () => void vscode.commands.executeCommand('efcp.compareSnapshots', { after: files.at(-1)?.fsPath }),
    };
    webview.onDidReceiveMessage((message: unknown) => {
      const result = fromSnapshotView.safeParse(message);
      if (result.success) dispatch(handlers, result.data);
      else this.log.error(`The view of a snapshot sent a message that is none: ${result.error.issues[0]?.message ?? ''}`);
    });
    webview.html = panelHtml(webview, this.extensionUri, 'snapshot');
  }

  private async send(webview: vscode.Webview, files: readonly vscode.Uri[]): Promise<void> {
    const message = await messageOf(files);
    if (message.type === 'refuse') this.log.error(message.message);
    await webview.postMessage(message);
  }
}

async function messageOf(files: readonly vscode.Uri[]): Promise<ToSnapshotView> {
  try {
    return { type: 'show', files: await Promise.all(files.map(read)) };
  } catch (error) {
    return { type: 'refuse', message: error instanceof Error ? error.message : String(error) };
  }
}

async function read(file: vscode.Uri): Promise<NamedFile> {
  const name = vscode.workspace.asRelativePath(file);
  try {
    const { buffer, byteOffset, byteLength } = await vscode.workspace.fs.readFile(file);
    return { name, bytes: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer };
  } catch {
    throw new Error(`${file.fsPath} cannot be read. It may have been removed: of the snapshots at new peaks a run keeps the newest few. Take another one.`);
  }
}
