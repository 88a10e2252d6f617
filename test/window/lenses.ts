/** The line above a run file, as the editor asks for it. */
import * as vscode from 'vscode';

export function lensesOf(file: vscode.Uri): Thenable<vscode.CodeLens[]> {
  return vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', file, 10);
}

export async function titlesOf(file: vscode.Uri): Promise<string[]> {
  return (await lensesOf(file)).map(({ command }) => command?.title ?? '');
}

/** Asks the provider again, as the editor does after every change, until the first line says this. */
export async function first(file: vscode.Uri, says: RegExp): Promise<string> {
  for (;;) {
    const [title = ''] = await titlesOf(file);
    if (says.test(title)) return title;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
