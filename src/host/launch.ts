/** Launches a run for the user: asks what, refuses clearly, shows the panel. */
import * as vscode from 'vscode';
import { formatProblem, InputError } from '../settings/problem';
import { launchSourceOf, workspaceOf, type LaunchSource } from './launchSource';
import { pickLaunchSource } from './launchPicker';
import { NodePathError } from './nodePath';
import type { RunPanels } from './panels';
import { planFile, planPreset, type RunPlan } from './runPlan';
import type { Runs } from './runs';

/** Resolves to the run's directory; undefined when nothing was launched. */
export async function launch(runs: Runs, panels: RunPanels, argument: unknown): Promise<string | undefined> {
  if (!vscode.workspace.isTrusted) {
    refuse('Launching is off in Restricted Mode, because a run executes code. Trust the workspace to launch; recorded runs open without it.', 'Manage Trust', 'workbench.trust.manage');
    return undefined;
  }
  const source = launchSourceOf(argument) ?? await pickLaunchSource();
  if (source === undefined) return undefined;
  const plan = await planOf(source);
  if (plan === undefined) return undefined;
  try {
    const run = await runs.launch(plan, workspaceOf(source));
    panels.show(run);
    return run.directory;
  } catch (error) {
    if (!(error instanceof NodePathError)) throw error;
    refuse(error.message, 'Open Setting', 'workbench.action.openSettings', 'efcp.nodePath');
    return undefined;
  }
}

async function planOf(source: LaunchSource): Promise<RunPlan | undefined> {
  if ('preset' in source) return planPreset(source.preset);
  const { file } = source;
  const name = vscode.workspace.asRelativePath(file);
  // What the editor shows is what is launched, saved or not.
  const document = await vscode.workspace.openTextDocument(file).then(opened => opened, () => undefined);
  if (document === undefined) throw new Error(`${name} cannot be read: there is no such text file. Choose another file, or launch a preset.`);
  try {
    return planFile(document.getText(), name);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    await showProblem(document, name, error);
    return undefined;
  }
}

/** Opens the file where the first problem is. */
async function showProblem(document: vscode.TextDocument, name: string, { problems: [first, ...more] }: InputError): Promise<void> {
  if (first === undefined) return;
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  void vscode.window.showErrorMessage(`Not launched. ${formatProblem(first, name)}${others}`);
  const place = new vscode.Position((first.line ?? 1) - 1, (first.column ?? 1) - 1);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(place, place) });
}

function refuse(message: string, button: string, command: string, ...args: readonly string[]): void {
  void vscode.window.showErrorMessage(message, button).then(chosen => chosen && vscode.commands.executeCommand(command, ...args));
}
