/** Asks for a recorded run, newest first. */
import * as vscode from 'vscode';
import { isResumable, listRuns, type RunSummary } from './runSummary';
import { formatShare } from '../protocol/format';
import { shortCount } from './figures';

/** Runs listed at most. */
const mostRuns = 100;

interface Question {
  readonly title: string;
  /** Said where there is no run to choose. */
  readonly none: string;
  readonly fits: (run: RunSummary) => boolean;
}

const launchOne = 'Launch one with "EFCP: Launch Training Run…".';

export const toOpen: Question = { title: 'Open Run', none: `There is no run yet. ${launchOne}`, fits: () => true };
export const toExport: Question = { title: 'Export Run', none: `There is no run to export. ${launchOne}`, fits: () => true };
export const toResume: Question = {
  title: 'Resume Training From Checkpoint', fits: isResumable,
  none: `There is no run to resume: none of those here ended before it was complete and left a checkpoint. ${launchOne}`,
};

export async function pickRun(roots: readonly string[], { title, none, fits }: Question): Promise<string | undefined> {
  const summaries = (await listRuns(roots, mostRuns)).filter(fits);
  if (summaries.length === 0) {
    void vscode.window.showInformationMessage(none);
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(summaries.map(itemOf), { title, placeHolder: 'Which run?', matchOnDescription: true, matchOnDetail: true });
  return picked?.directory;
}

function itemOf({ directory, name, createdAt, status, steps, validationAccuracy }: RunSummary): vscode.QuickPickItem & { readonly directory: string } {
  const accuracy = validationAccuracy === undefined ? '' : `, validation accuracy ${formatShare(validationAccuracy)}`;
  return { label: name, description: createdAt.toLocaleString(), detail: `${status}, ${shortCount(steps)} steps${accuracy}`, directory };
}
