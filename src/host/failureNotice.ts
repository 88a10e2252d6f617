/** Says once that a run failed; everything else that happens to a run is seen in its panel. */
import * as vscode from 'vscode';
import { wayOn } from '../protocol/fallback';
import type { RunState } from '../protocol/runState';
import type { CommandId } from './commandIds';
import type { Disposable } from './disposable';
import type { Runs } from './runs';

/** Characters of the reason in the notification; all of it stands in the panel. */
const longest = 300;

export function noticeFailures(runs: Runs): Disposable {
  return runs.onDidChange((run, event) => {
    if (event?.type !== 'finished' || event.reason !== 'failed' || isToldByAlarm(run.state)) return;
    const reason = (event.message ?? 'The trainer gave no reason.').slice(0, longest);
    const { directory } = run;
    const { fallback: backend } = event;
    const ways: Record<string, readonly [command: CommandId, argument?: object]> = {
      ...(backend === undefined ? {} : { [wayOn(run.state, backend)]: run.state.checkpoint === undefined ? ['efcp.restart', { backend }] : ['efcp.resumeTraining', { directory, backend }] }),
      'Show Panel': ['efcp.showPanel'], 'Open Log': ['efcp.openLog'],
      ...(backend !== undefined || run.state.checkpoint === undefined ? {} : { 'Resume From Checkpoint': ['efcp.resumeTraining', { directory }] }),
    };
    void vscode.window.showErrorMessage(`${run.record.name} failed. ${reason}`, ...Object.keys(ways)).then(chosen => {
      const [command, argument] = ways[chosen ?? ''] ?? [];
      if (command === undefined) return;
      runs.setCurrent(run);
      void vscode.commands.executeCommand(command, argument);
    });
  });
}

/** An alarm that has stopped the run has a notice of its own. */
function isToldByAlarm({ alarms, message }: RunState): boolean {
  return alarms.at(-1)?.action === 'stopped' && alarms.at(-1)?.message === message && vscode.workspace.getConfiguration('efcp').get<boolean>('alarms.notify', true);
}
