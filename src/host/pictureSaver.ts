/** Keeps a picture of the panel where the user wants it. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Run } from './run';

export interface Picture {
  readonly chart: string;
  /** In base64. */
  readonly png?: string | undefined;
  readonly svg?: string | undefined;
}

/** Whether the panel has made the picture itself. */
export function isMade({ png, svg }: Picture): boolean {
  return png !== undefined || svg !== undefined;
}

export async function savePicture({ directory, record: { name } }: Run, { chart, png, svg = '' }: Picture): Promise<void> {
  const format = png === undefined ? 'svg' : 'png';
  const target = await vscode.window.showSaveDialog({ title: 'Save Picture', defaultUri: vscode.Uri.file(path.join(directory, `${fileName(name)}-${chart}.${format}`)), filters: { Pictures: [format] } });
  if (target === undefined) return;
  try {
    await vscode.workspace.fs.writeFile(target, png === undefined ? Buffer.from(svg) : Buffer.from(png, 'base64'));
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
