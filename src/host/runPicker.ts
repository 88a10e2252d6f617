/** Asks which recorded run to open, newest first. */
import * as vscode from 'vscode';
import { listRuns, type RunSummary } from './runSummary';
import { formatShare } from '../protocol/format';
import { shortCount } from './figures';

/** Runs listed at most. */
const mostRuns = 100;

export async function pickRun(roots: readonly string[]): Promise<string | undefined> {
  const summaries = await listRuns(roots, mostRuns);
  if (summaries.length === 0) {
    void vscode.window.showInformationMessage('There is no run yet. Launch one with "EFCP: Launch Training Run…".');
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(summaries.map(itemOf), { title: 'Open Run', placeHolder: 'Which run?', matchOnDescription: true, matchOnDetail: true });
  return picked?.directory;
}

function itemOf({ directory, name, createdAt, status, steps, validationAccuracy }: RunSummary): vscode.QuickPickItem & { readonly directory: string } {
  const accuracy = validationAccuracy === undefined ? '' : `, validation accuracy ${formatShare(validationAccuracy)}`;
  return { label: name, description: createdAt.toLocaleString(), detail: `${status}, ${shortCount(steps)} steps${accuracy}`, directory };
}
