/** The line above a run file: what it will take, and what can be done with it. Loads the studio only where there is something to estimate. */
import * as vscode from 'vscode';
import type { Disposable } from './disposable';
import type { LazyStudio } from './lazyStudio';

/** Milliseconds that an answer may take before the line says that it is under way. */
const patience = 300;
const pattern = '**/*.efcp.json';

export class RunFileLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly subscriptions: Disposable[] = [
    this.changed, vscode.languages.registerCodeLensProvider({ pattern }, this),
    vscode.workspace.onDidChangeConfiguration(change => { if (change.affectsConfiguration('efcp.codeLens')) this.changed.fire(); }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => this.changed.fire()),
  ];
  private follows = false;

  constructor(private readonly studio: LazyStudio) {}

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!vscode.workspace.getConfiguration('efcp').get<boolean>('codeLens', true)) return [];
    const lens = (title: string, command: string, tooltip: string) => new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command, tooltip, arguments: [document.uri] });
    const { isTrusted } = vscode.workspace;
    const said = isTrusted ? await this.said(document) : undefined;
    return [
      ...(isTrusted ? [] : [lens('not estimated in Restricted Mode', 'workbench.trust.manage', 'Estimating runs the model. Trust the workspace to see here what a run of this file will take.')]),
      ...(said === undefined ? [] : [lens(said, 'efcp.showEstimate', 'What a run of this file will take: show the whole estimate')]),
      lens('Launch', 'efcp.launchFile', 'Launch this run file'),
      ...(isTrusted ? [lens('Plan…', 'efcp.plan', 'Find settings that fit a budget of memory')] : []),
    ];
  }

  /** Nothing of a file with problems: they are marked where they stand. */
  private async said(document: vscode.TextDocument): Promise<string | undefined> {
    const [{ fileEstimates }, { estimateLine }] = await Promise.all([this.studio(), import('./estimateWords')]);
    if (!this.follows) {
      this.follows = true;
      this.subscriptions.push(fileEstimates.onDidChange(() => this.changed.fire()));
    }
    const asked = fileEstimates.of(document);
    if (asked === undefined) return undefined;
    const late = new Promise<undefined>(resolve => { setTimeout(() => resolve(undefined), patience); });
    const answer = fileEstimates.settled(document.uri) ?? await Promise.race([asked.catch(() => undefined), late]);
    if (answer === undefined) return 'estimating …';
    return 'refused' in answer ? `cannot be estimated: ${answer.refused}` : estimateLine(answer.estimate);
  }
}
