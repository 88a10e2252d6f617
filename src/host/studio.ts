/** The object graph behind the commands and the panels of one window. */
import path from 'node:path';
import * as vscode from 'vscode';
import { runsFolder } from '../protocol/runFiles';
import { noticeAlarms } from './alarmNotices';
import { createActions, type Actions } from './actions';
import { keepContextKeys } from './contextKeys';
import type { Disposable } from './disposable';
import { EstimateDocuments } from './estimateDocument';
import { noticeFailures } from './failureNotice';
import { FileEstimates } from './fileEstimates';
import { FixProposals } from './fixProposals';
import { chooseNode } from './nodePath';
import { RunPanels } from './panels';
import { Planner } from './planner';
import { rememberLiveRuns } from './reattach';
import { Runs } from './runs';
import { SnapshotViews } from './snapshotViews';
import { StatusBar } from './statusBar';

export interface Studio extends Disposable {
  readonly runs: Runs;
  readonly panels: RunPanels;
  readonly actions: Actions;
  readonly snapshots: SnapshotViews;
  readonly fileEstimates: FileEstimates;
}

export function createStudio(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Studio {
  const runsRoot = (workspace: string | undefined) => workspace === undefined ? path.join(context.globalStorageUri.fsPath, 'runs') : path.join(workspace, runsFolder);
  const chooseNode = nodeChooser();
  const runs = new Runs({ trainerFile: context.asAbsolutePath('dist/trainer.js'), log, runsRoot, chooseNode });
  const planner = new Planner({ cliFile: context.asAbsolutePath('dist/cli.js'), chooseNode, folder: () => localFolders()[0], log });
  const trusted = () => vscode.workspace.isTrusted ? planner : undefined;
  const panels = new RunPanels(context.extensionUri, runs, log, trusted);
  const snapshots = new SnapshotViews(context.extensionUri, log);
  const fileEstimates = new FileEstimates(planner);
  const estimates = new EstimateDocuments(fileEstimates);
  const runsRoots = () => [...localFolders().map(runsRoot), runsRoot(undefined)];
  const actions = createActions({ runs, panels, snapshots, log, runsRoots, planner, estimates, runtimePrograms: { chooseNode, cliFile: context.asAbsolutePath('dist/cli.js'), log } });
  // Before the notices, which wait for what is proposed.
  const proposals = new FixProposals(runs, trusted);
  const watching = [proposals, new StatusBar(runs), keepContextKeys(runs), noticeFailures(runs), noticeAlarms(runs, proposals), rememberLiveRuns(runs, context.workspaceState)];
  const parts = vscode.Disposable.from(...watching, panels, runs, estimates, fileEstimates, planner);
  return { runs, panels, snapshots, actions, fileEstimates, dispose: () => { parts.dispose(); } };
}

function localFolders(): string[] {
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
}

/** Asks the programs once per value of the setting; a setting that was refused is asked again, it may have been repaired. */
function nodeChooser(): () => ReturnType<typeof chooseNode> {
  const known = new Map<string, ReturnType<typeof chooseNode>>();
  return () => {
    const setting = vscode.workspace.getConfiguration('efcp').get<string>('nodePath', '');
    const choice = known.get(setting) ?? chooseNode(setting, { path: process.execPath, version: process.version });
    known.set(setting, choice);
    choice.catch(() => known.delete(setting));
    return choice;
  };
}
