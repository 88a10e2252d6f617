/** Asks for a recorded step, of the runs that have some, newest run first. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { formatBytes, formatCount } from '../protocol/format';
import { listSnapshots } from '../protocol/snapshotFiles';
import { listRuns } from './runSummary';

/** Runs looked at. */
const mostRuns = 100;

interface SnapshotItem extends vscode.QuickPickItem {
  readonly file?: string;
}

/** `without`: one that cannot be chosen. */
export async function pickSnapshot(roots: readonly string[], placeHolder: string, without?: string): Promise<string | undefined> {
  const runs = await listRuns(roots, mostRuns);
  const items = (await Promise.all(runs.map(({ directory, name }) => itemsOf(directory, name, without)))).flat();
  if (items.length === 0) {
    void vscode.window.showInformationMessage(`There is no ${without === undefined ? '' : 'other '}step snapshot yet. While a run goes on, take one with "EFCP: Take Step Snapshot".`);
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, { title: 'Step Snapshot', placeHolder, matchOnDescription: true, matchOnDetail: true });
  return picked?.file;
}

async function itemsOf(directory: string, name: string, without: string | undefined): Promise<SnapshotItem[]> {
  const snapshots = listSnapshots(directory).filter(snapshot => snapshot.path !== without).reverse();
  if (snapshots.length === 0) return [];
  const items = await Promise.all(snapshots.map(async ({ step, path: file }) => {
    const { size, mtime } = await stat(file);
    return { label: `Step ${formatCount(step)}`, description: name, detail: `${path.basename(directory)}, ${mtime.toLocaleString()}, file of ${formatBytes(size)}`, file };
  }));
  return [{ label: name, kind: vscode.QuickPickItemKind.Separator }, ...items];
}
