/** EFCP: Remove TensorFlow Runtime…: what is installed, or was left unfinished, to choose from. */
import * as vscode from 'vscode';
import { formatBytes } from '../protocol/format';
import { runtimeNames } from '../runtime/installMessages';
import { startCli } from './cliProcess';
import type { NodeChoice } from './nodePath';
import { nodeFor, type RuntimePrograms } from './runtimeInstaller';
import { mayRun } from './trust';

/** Resolves to the name of what was removed; undefined when nothing was. */
export async function removeRuntime(programs: RuntimePrograms, argument: unknown): Promise<string | undefined> {
  if (!mayRun('Removing')) return undefined;
  const node = await nodeFor(programs);
  if (node === undefined) return undefined;
  const items = await listed(programs, node);
  if (items.length === 0) {
    void vscode.window.showInformationMessage('No TensorFlow runtime is installed. EFCP: Install TensorFlow Runtime… builds one.');
    return undefined;
  }
  const given = (argument as { readonly name?: unknown } | undefined)?.name;
  const name = typeof given === 'string' ? given : (await vscode.window.showQuickPick(items, { title: 'Remove TensorFlow Runtime', placeHolder: 'Choose what to remove; runs that use it now go on' }))?.label;
  if (name === undefined) return undefined;
  await answer(programs, node, ['runtime', 'remove', name, '--json']);
  programs.log.info(`Runtime: removed ${name}.`);
  void vscode.window.showInformationMessage(`Removed ${name}.`);
  return name;
}

async function listed(programs: RuntimePrograms, node: NodeChoice): Promise<vscode.QuickPickItem[]> {
  const { runtimes, unreadable, unfinished } = runtimeNames.parse(JSON.parse(await answer(programs, node, ['runtime', 'list', '--json'])));
  return [
    ...runtimes.map(({ name, bytes }) => ({ label: name, description: formatBytes(bytes) })),
    ...unreadable.map(({ name }) => ({ label: name, description: 'cannot be used' })),
    ...unfinished.map(name => ({ label: name, description: 'unfinished' })),
  ];
}

async function answer({ cliFile }: RuntimePrograms, node: NodeChoice, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await startCli(node, cliFile, args).ended;
  if (code !== 0) throw new Error(stderr.trim().replace(/^efcp: /, ''));
  return stdout;
}
