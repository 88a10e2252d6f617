/** Where the editor starts and ends the extension: registers what must be there at once, and leaves the rest until it is needed. */
import * as vscode from 'vscode';
import { autoLaunch } from './host/autoLaunch';
import { registerCommands } from './host/commands';
import { RunFileDiagnostics } from './host/diagnostics';
import { lazyStudio } from './host/lazyStudio';
import { registerPanelSerializer } from './host/panelSerializer';
import { reattachLiveRuns } from './host/reattach';
import { RunFileLenses } from './host/runFileLenses';
import type { Runs } from './host/runs';
import { registerSnapshotEditor } from './host/snapshotEditor';

/** What other extensions and the tests may use. */
export interface StudioApi {
  /** Milliseconds that `activate` took. */
  readonly activationMs: number;
  runs(): Promise<Runs>;
}

export function activate(context: vscode.ExtensionContext): StudioApi {
  const began = performance.now();
  const log = vscode.window.createOutputChannel('EFCP Studio', { log: true });
  const studio = lazyStudio(context, log);
  const editors = [registerPanelSerializer(studio), registerSnapshotEditor(studio), new RunFileDiagnostics(), new RunFileLenses(studio)];
  context.subscriptions.push(log, studio, registerCommands(studio, log), ...editors);
  void reattachLiveRuns(studio, context.workspaceState, log);
  void autoLaunch(context.workspaceState, process.env);
  const activationMs = performance.now() - began;
  log.info(`Activated in ${activationMs.toFixed(1)} ms.`);
  return { activationMs, runs: async () => (await studio()).runs };
}
