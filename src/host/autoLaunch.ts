/** Starts the run that the environment of the editor names, once: how `npm start` opens the sample run. */
import * as vscode from 'vscode';
import { isPresetName } from '../settings/presets';

const launchedKey = 'efcp.launched';

/** `EFCP_LAUNCH` is a preset or the path of a run file; a window that reloads with the same `EFCP_LAUNCH_ID` does not launch again. */
export async function autoLaunch(memory: vscode.Memento, environment: NodeJS.ProcessEnv): Promise<void> {
  const { EFCP_LAUNCH: wanted, EFCP_LAUNCH_ID: id = '' } = environment;
  if (!wanted) return;
  const launch = `${wanted}#${id}`;
  if (memory.get(launchedKey) === launch) return;
  if (!vscode.workspace.isTrusted) await trusted();
  await memory.update(launchedKey, launch);
  await vscode.commands.executeCommand('efcp.launch', isPresetName(wanted) ? { preset: wanted } : { file: wanted });
}

function trusted(): Promise<void> {
  return new Promise(resolve => {
    const waiting = vscode.workspace.onDidGrantWorkspaceTrust(() => {
      waiting.dispose();
      resolve();
    });
  });
}
