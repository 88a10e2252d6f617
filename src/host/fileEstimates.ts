/** Estimates of the run files that are open, as their text stands: the newest text of each is asked about, and what it replaced is asked no longer. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Estimate } from '../protocol/estimate';
import { withWholePaths } from '../protocol/wholePaths';
import type { Settings } from '../settings/knobs';
import { InputError } from '../settings/problem';
import { resolveRunFile } from '../settings/runFile';
import type { Planner } from './planner';
import { runFileEnding } from './runPlan';

export type FileEstimate = { readonly estimate: Estimate } | { readonly refused: string };

interface Known {
  readonly key: string;
  readonly file: vscode.Uri;
  /** Whether its model or data come from a module of the user's. */
  readonly runsModule: boolean;
  readonly control: AbortController;
  readonly answer: Promise<FileEstimate>;
  settled?: FileEstimate;
}

const superseded = new Error('superseded');

export class FileEstimates implements vscode.Disposable {
  private readonly known = new Map<string, Known>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  /** The estimate of this file is there now, or holds no longer. */
  readonly onDidChange = this.changed.event;
  private readonly subscriptions = vscode.Disposable.from(
    this.changed,
    vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => { if (!uri.path.endsWith(runFileEnding)) this.forgetModules(); }),
  );

  constructor(private readonly planner: Planner) {}

  /** The answer to the text as it stands; undefined where the text is no run file without problems. Rejects when a newer text took its place. */
  of(document: vscode.TextDocument): Promise<FileEstimate> | undefined {
    const settings = settingsOf(document);
    const uri = document.uri.toString();
    if (settings === undefined) {
      if (this.forget(document.uri)) this.changed.fire(document.uri);
      return undefined;
    }
    const key = JSON.stringify(settings);
    const before = this.known.get(uri);
    if (before?.key === key) return before.answer;
    before?.control.abort(superseded);
    const control = new AbortController();
    const answer = this.ask(settings, control.signal);
    const known: Known = { key, file: document.uri, runsModule: settings.module !== null, control, answer };
    this.known.set(uri, known);
    answer.then(settled => {
      known.settled = settled;
      this.changed.fire(document.uri);
    }, () => undefined);
    return answer;
  }

  /** What was answered already. */
  settled(uri: vscode.Uri): FileEstimate | undefined {
    return this.known.get(uri.toString())?.settled;
  }

  dispose(): void {
    for (const { control } of this.known.values()) control.abort(superseded);
    this.subscriptions.dispose();
  }

  private async ask(settings: Settings, signal: AbortSignal): Promise<FileEstimate> {
    try {
      return { estimate: await this.planner.estimate(settings, signal) };
    } catch (error) {
      if (error === superseded) throw error;
      return { refused: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Whether anything was known. */
  private forget(uri: vscode.Uri): boolean {
    this.known.get(uri.toString())?.control.abort(superseded);
    return this.known.delete(uri.toString());
  }

  /** What was saved may be a module of the user's, or be imported by one, and a process loads each once. */
  private forgetModules(): void {
    const files = [...this.known.values()].filter(({ runsModule }) => runsModule).map(({ file }) => file);
    if (files.length === 0) return;
    for (const file of files) this.forget(file);
    this.planner.renew();
    for (const file of files) this.changed.fire(file);
  }
}

/** With whole paths, as on launch. */
export function settingsOf(document: vscode.TextDocument): Settings | undefined {
  try {
    const { settings } = resolveRunFile(document.getText());
    return document.uri.scheme === 'file' ? withWholePaths(settings, path.dirname(document.uri.fsPath)) : settings;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
