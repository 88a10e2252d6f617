/** What is to be launched: a preset or a run file. Commands, keybindings, menus and tests name it in an argument. */
import path from 'node:path';
import * as vscode from 'vscode';

export type LaunchSource = { readonly preset: string } | { readonly file: vscode.Uri };

/** `{ preset }`, `{ file }` (an address or a path), or the address itself, as menus give it; undefined when nothing is named. */
export function launchSourceOf(argument: unknown): LaunchSource | undefined {
  if (argument instanceof vscode.Uri) return { file: argument };
  if (typeof argument !== 'object' || argument === null) return undefined;
  const { preset, file } = argument as { readonly preset?: unknown; readonly file?: unknown };
  if (typeof preset === 'string') return { preset };
  if (file instanceof vscode.Uri) return { file };
  if (typeof file === 'string') return { file: vscode.Uri.file(path.resolve(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', file)) };
  return undefined;
}

/** The folder on this machine that a run belongs to: its file's, else the first of the workspace. */
export function workspaceOf(source: LaunchSource): string | undefined {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  const folder = ('file' in source ? vscode.workspace.getWorkspaceFolder(source.file) : undefined) ?? first;
  return folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined;
}
