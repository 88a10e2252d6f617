/** Says once that a run failed; everything else that happens to a run is seen in its panel. */
import * as vscode from 'vscode';
import type { Disposable } from './disposable';
import type { Runs } from './runs';

/** Characters of the reason in the notification; all of it stands in the panel. */
const longest = 300;

export function noticeFailures(runs: Runs): Disposable {
  return runs.onDidChange((run, event) => {
    if (event?.type !== 'finished' || event.reason !== 'failed') return;
    const reason = (event.message ?? 'The trainer gave no reason.').slice(0, longest);
    const buttons = ['Show Panel', 'Open Log', ...(run.state.checkpoint === undefined ? [] : ['Resume From Checkpoint'])];
    void vscode.window.showErrorMessage(`${run.record.name} failed. ${reason}`, ...buttons).then(chosen => {
      if (chosen === undefined) return;
      runs.setCurrent(run);
      if (chosen === 'Resume From Checkpoint') void vscode.commands.executeCommand('efcp.resumeTraining', { directory: run.directory });
      else void vscode.commands.executeCommand(chosen === 'Show Panel' ? 'efcp.showPanel' : 'efcp.openLog');
    });
  });
}
