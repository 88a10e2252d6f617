/** One item of the status bar: where the current run is and what it holds. A click shows its panel. */
import * as vscode from 'vscode';
import type { RunState, RunStatus } from '../protocol/runState';
import type { Disposable } from './disposable';
import { formatBytes } from '../protocol/format';
import { budgetBytesOf } from '../settings/budgetBytes';
import { shortCount } from './figures';
import type { Run } from './run';
import type { Runs } from './runs';

const icons: Record<RunStatus, string> = {
  starting: 'sync~spin', running: 'pulse', paused: 'debug-pause', stopping: 'sync~spin', completed: 'check', stopped: 'debug-stop', failed: 'error', interrupted: 'debug-disconnect',
};

export class StatusBar implements Disposable {
  private readonly item = vscode.window.createStatusBarItem('efcp.run', vscode.StatusBarAlignment.Left);
  private readonly subscription: Disposable;
  private shown = '';

  constructor(runs: Runs) {
    this.item.name = 'EFCP Run';
    this.item.command = 'efcp.showPanel';
    this.subscription = runs.onDidChange(run => {
      if (run === runs.current) this.show(run);
    });
  }

  dispose(): void {
    this.subscription.dispose();
    this.item.dispose();
  }

  private show({ record, state }: Run): void {
    const { status, step, latest } = state;
    const figures = latest === undefined ? status : `step ${shortCount(step)} · ${formatBytes(latest.memory.peakBytes)}`;
    const text = `$(${icons[status]}) ${figures}`;
    const background = backgroundOf(state);
    const shown = `${text} ${background ?? ''}`;
    if (shown === this.shown) return;
    this.shown = shown;
    const { item } = this;
    item.text = text;
    item.tooltip = `${record.name}: ${status}${latest === undefined ? '' : `, step ${step}, peak of the last steps ${formatBytes(latest.memory.peakBytes)}`}. Click to show the run.`;
    item.accessibilityInformation = { label: `EFCP run ${status}, ${figures}` };
    item.backgroundColor = background === undefined ? undefined : new vscode.ThemeColor(`statusBarItem.${background}Background`);
    item.show();
  }
}

/** A warning past the memory budget, an error where memory or numbers have ended; nothing else. */
export function backgroundOf({ alarms, settings, latest, step }: Pick<RunState, 'alarms' | 'settings' | 'latest' | 'step'>): 'warning' | 'error' | undefined {
  const last = alarms.at(-1);
  if (last !== undefined && (last.kind === 'outOfMemory' || last.kind === 'nonFinite') && last.step >= step) return 'error';
  return latest !== undefined && latest.memory.peakBytes > (budgetBytesOf(settings) ?? Infinity) ? 'warning' : undefined;
}
