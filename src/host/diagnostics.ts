/** Marks what is wrong in `*.efcp.json` files while they are open: the same messages as on launch, at the same places. */
import * as vscode from 'vscode';
import type { Problem } from '../settings/problem';

const ending = '.efcp.json';
/** Milliseconds of quiet before a document that is being typed in is checked. */
const quiet = 200;

export class RunFileDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('efcp');
  private readonly timers = new Map<vscode.TextDocument, NodeJS.Timeout>();
  private readonly subscriptions: vscode.Disposable;

  constructor() {
    const { workspace } = vscode;
    this.subscriptions = vscode.Disposable.from(
      workspace.onDidOpenTextDocument(document => this.check(document, 0)),
      workspace.onDidChangeTextDocument(({ document }) => this.check(document, quiet)),
      workspace.onDidSaveTextDocument(document => this.check(document, 0)),
      workspace.onDidCloseTextDocument(document => this.forget(document)),
    );
    for (const document of workspace.textDocuments) this.check(document, 0);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.subscriptions.dispose();
    this.collection.dispose();
  }

  private check(document: vscode.TextDocument, delay: number): void {
    if (!document.fileName.endsWith(ending)) return;
    clearTimeout(this.timers.get(document));
    this.timers.set(document, setTimeout(() => void this.publish(document), delay));
  }

  private async publish(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const problems = await problemsOf(document.getText());
    if (document.isClosed || document.version !== version) return;
    this.collection.set(document.uri, problems.map(problem => diagnosticOf(document, problem)));
  }

  private forget(document: vscode.TextDocument): void {
    clearTimeout(this.timers.get(document));
    this.timers.delete(document);
    this.collection.delete(document.uri);
  }
}

async function problemsOf(text: string): Promise<readonly Problem[]> {
  const [{ resolveRunFile }, { InputError }] = await Promise.all([import('../settings/runFile'), import('../settings/problem')]);
  try {
    resolveRunFile(text);
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}

/** The name of the setting is marked, or what else stands at the place. */
function diagnosticOf(document: vscode.TextDocument, { line = 1, column = 1, message }: Problem): vscode.Diagnostic {
  const start = new vscode.Position(line - 1, column - 1);
  const range = document.getWordRangeAtPosition(start, /"[^"\n]*"|[^\s"]+/) ?? new vscode.Range(start, start.translate(0, 1));
  const diagnostic = new vscode.Diagnostic(new vscode.Range(start, range.end), message, vscode.DiagnosticSeverity.Error);
  diagnostic.source = 'EFCP';
  return diagnostic;
}
