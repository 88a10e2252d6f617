/** Shows the line of the user's code that a snapshot names, beside the view. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { readRecord } from '../protocol/runDirectory';

/** `source`: "FILE:LINE". A path that is not absolute starts at the workspace of the run, or at a folder of this window. */
export async function openSource(source: string, snapshots: readonly vscode.Uri[]): Promise<void> {
  const [, name = source, line = '1'] = /^(.*):(\d+)$/.exec(source) ?? [];
  const folders = [...snapshots.flatMap(workspaceOf), ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath)];
  const file = (path.isAbsolute(name) ? [name] : folders.map(folder => path.resolve(folder, name))).find(candidate => existsSync(candidate));
  if (file === undefined) {
    void vscode.window.showWarningMessage(`${name} is not there any more, or is not in this workspace. Open the folder that the run was started in.`);
    return;
  }
  const start = new vscode.Position(Math.max(0, Number(line) - 1), 0);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { viewColumn: vscode.ViewColumn.Beside, selection: new vscode.Range(start, start) });
}

/** A snapshot lies in the folder `snapshots` of its run, unless somebody moved it. */
function workspaceOf({ fsPath }: vscode.Uri): string[] {
  try {
    const { workspace } = readRecord(path.dirname(path.dirname(fsPath)));
    return workspace === undefined ? [] : [workspace];
  } catch {
    return [];
  }
}
