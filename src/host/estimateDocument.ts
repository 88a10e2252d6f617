/** The whole estimate of a run file as a page beside it, which follows the file while it is typed in. */
import path from 'node:path';
import * as vscode from 'vscode';
import { estimateMarkdown } from './estimateWords';
import type { FileEstimates } from './fileEstimates';
import { mayRun } from './trust';

const scheme = 'efcp-estimate';

export class EstimateDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly estimates: FileEstimates) {
    this.subscriptions = vscode.Disposable.from(
      this.changed, vscode.workspace.registerTextDocumentContentProvider(scheme, this), estimates.onDidChange(file => this.changed.fire(pageOf(file))),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** Of the file that is named, or else of the one that is edited. */
  async show(argument: unknown): Promise<void> {
    if (!mayRun('Estimating')) return;
    const file = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    if (file === undefined) throw new Error('There is no run file to estimate. Open a *.efcp.json file first.');
    this.changed.fire(pageOf(file));
    await vscode.commands.executeCommand('markdown.showPreviewToSide', pageOf(file));
  }

  async provideTextDocumentContent(page: vscode.Uri): Promise<string> {
    const file = vscode.Uri.parse(page.query);
    const name = path.basename(file.path);
    const answer = await this.estimates.of(await vscode.workspace.openTextDocument(file))?.catch(() => undefined);
    if (answer === undefined) return `${name} cannot be estimated while there are problems in it.`;
    return 'refused' in answer ? `${name} cannot be estimated: ${answer.refused}` : estimateMarkdown(name, answer.estimate);
  }
}

/** A page for each file; its path is the title of the preview. */
function pageOf(file: vscode.Uri): vscode.Uri {
  const name = file.path.split('/').at(-1) ?? '';
  return vscode.Uri.from({ scheme, path: `/${name.replace(/\.efcp\.json$/, '')} estimate.md`, query: file.toString() });
}
