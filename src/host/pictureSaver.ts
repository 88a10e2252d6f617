/** Keeps a picture of the panel where the user wants it. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Run } from './run';

export async function savePicture({ directory, record: { name } }: Run, chart: string, png: string): Promise<void> {
  const target = await vscode.window.showSaveDialog({ title: 'Save Picture', defaultUri: vscode.Uri.file(path.join(directory, `${fileName(name)}-${chart}.png`)), filters: { Pictures: ['png'] } });
  if (target === undefined) return;
  try {
    await vscode.workspace.fs.writeFile(target, Buffer.from(png, 'base64'));
  } catch (error) {
    void vscode.window.showErrorMessage(`${target.fsPath} cannot be written: ${error instanceof Error ? error.message : String(error)}. Choose another place.`);
    return;
  }
  if (await vscode.window.showInformationMessage(`The picture is saved as ${path.basename(target.fsPath)}.`, 'Open') === 'Open') await vscode.commands.executeCommand('vscode.open', target);
}

/** What a run is called, as a part of a file's name. */
export function fileName(name: string): string {
  return name.replace(/[^\w.-]+/g, '-').replace(/^-+|-+$/g, '') || 'run';
}
