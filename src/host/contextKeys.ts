/** Tells the editor which commands make sense for the current run. */
import * as vscode from 'vscode';
import { fixOf } from '../protocol/alarmFix';
import { isOver, type RunState } from '../protocol/runState';
import type { Disposable } from './disposable';
import type { Runs } from './runs';

export function keepContextKeys(runs: Runs): Disposable {
  const known = new Map<string, boolean>();
  const set = (key: string, value: boolean) => {
    if (known.get(key) === value) return;
    known.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
  return runs.onDidChange(() => {
    const status = runs.current?.state.status;
    set('efcp.hasRun', status !== undefined);
    set('efcp.runActive', status !== undefined && !isOver(status));
    set('efcp.runPaused', status === 'paused');
    set('efcp.hasFix', hasFix(runs.current?.state));
  });
}

function hasFix(state: RunState | undefined): boolean {
  return state?.alarms.some(alarm => fixOf(state, alarm) !== undefined) ?? false;
}
