/** Launches a run for the user: asks what, refuses clearly, shows the panel. */
import path from 'node:path';
import * as vscode from 'vscode';
import { formatProblem, InputError } from '../settings/problem';
import { launchSourceOf, workspaceOf, type LaunchSource } from './launchSource';
import { pickLaunchSource } from './launchPicker';
import { NodePathError } from './nodePath';
import type { RunPanels } from './panels';
import { planFile, planPreset, type RunPlan } from './runPlan';
import type { Runs } from './runs';
import { mayRun, refuse } from './trust';

/** Resolves to the run's directory; undefined when nothing was launched. */
export async function launch(runs: Runs, panels: RunPanels, argument: unknown): Promise<string | undefined> {
  if (!mayRun('Launching')) return undefined;
  const source = launchSourceOf(argument) ?? await pickLaunchSource();
  if (source === undefined) return undefined;
  const plan = await planOf(source).catch((error: unknown) => refusePlan(runs, source, error));
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

async function planOf(source: LaunchSource): Promise<RunPlan> {
  if ('preset' in source) return planPreset(source.preset);
  const name = vscode.workspace.asRelativePath(source.file);
  // What the editor shows is what is launched, saved or not.
  const document = await vscode.workspace.openTextDocument(source.file).then(opened => opened, () => undefined);
  if (document === undefined) throw new Error(`${name} cannot be read: there is no such text file. Choose another file, or launch a preset.`);
  return planFile(document.getText(), name, source.file.scheme === 'file' ? path.dirname(source.file.fsPath) : undefined);
}

/** Keeps what was refused, and why; a file is opened where its first problem is. */
async function refusePlan(runs: Runs, source: LaunchSource, error: unknown): Promise<undefined> {
  const origin = 'preset' in source ? { kind: 'preset', name: source.preset } as const : { kind: 'file', name: source.file.fsPath } as const;
  runs.recordRefusal(origin, workspaceOf(source), error instanceof Error ? error.message : String(error));
  if (!(error instanceof InputError) || 'preset' in source) throw error;
  await showProblem(source.file, error);
}

async function showProblem(file: vscode.Uri, { problems: [first, ...more] }: InputError): Promise<void> {
  if (first === undefined) return;
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  void vscode.window.showErrorMessage(`Not launched. ${formatProblem(first, vscode.workspace.asRelativePath(file))}${others}`);
  const place = new vscode.Position((first.line ?? 1) - 1, (first.column ?? 1) - 1);
  await vscode.window.showTextDocument(file, { selection: new vscode.Range(place, place) });
}
