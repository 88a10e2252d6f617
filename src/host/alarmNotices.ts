/** Says that a run has raised an alarm, with what can be done about it: one notice at a time, and not the same kind of a run again and again. */
import * as vscode from 'vscode';
import { fixOf, messageOf } from '../protocol/alarmFix';
import type { AlarmEvent, AlarmKind } from '../protocol/runEvents';
import { isOver } from '../protocol/runState';
import type { Disposable } from './disposable';
import type { FixProposals } from './fixProposals';
import type { Run } from './run';
import type { Runs } from './runs';

/** Characters of the message in the notification; all of it stands in the panel. */
const longest = 300;
/** Between two notices of one kind and run that did not make it wait or end. */
const quietMs = 60_000;
const setting = 'alarms.notify';

const titles: Record<AlarmKind, string> = { budget: 'is beyond its memory budget', nonFinite: 'met a number that is not finite', divergence: 'diverges', outOfMemory: 'ran out of memory' };

export function noticeAlarms(runs: Runs, proposals: Pick<FixProposals, 'settled'>): Disposable {
  const told = new Map<string, number>();
  let showing = false;
  return runs.onDidChange((run, event) => {
    if (event?.type !== 'alarm' || showing || !vscode.workspace.getConfiguration('efcp').get<boolean>(setting, true)) return;
    const key = `${run.directory} ${event.kind}`;
    if (event.action === 'noted' && Date.now() - (told.get(key) ?? -Infinity) < quietMs) return;
    told.set(key, Date.now());
    showing = true;
    void proposals.settled(event).then(() => show(runs, run, event)).finally(() => { showing = false; });
  });
}

async function show(runs: Runs, run: Run, alarm: AlarmEvent): Promise<void> {
  const { directory, record } = run;
  const isGrave = alarm.kind === 'nonFinite' || alarm.kind === 'outOfMemory';
  const ways: Record<string, () => unknown> = {
    ...(fixOf(run.state, alarm) === undefined ? {} : { 'Apply Fix': () => vscode.commands.executeCommand('efcp.applyFix', { directory, sequence: alarm.sequence }) }),
    ...(alarm.action === 'paused' ? { 'Resume': () => { run.resume(); }, 'Stop': () => { run.stop(); } } : {}),
    'Show Panel': () => {
      runs.setCurrent(run);
      return vscode.commands.executeCommand('efcp.showPanel');
    },
    'Mute': () => vscode.workspace.getConfiguration('efcp').update(setting, false, vscode.ConfigurationTarget.Global),
  };
  const tell = isGrave ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
  const state = isOver(run.state.status) || alarm.action === 'stopped' ? 'It has stopped.' : alarm.action === 'paused' ? 'It waits.' : 'It goes on.';
  const chosen = await tell(`${record.name} ${titles[alarm.kind]}. ${state} ${inBrief(messageOf(run.state, alarm))}`, ...Object.keys(ways));
  await ways[chosen ?? '']?.();
}

/** Its end says what is proposed, and stays. */
function inBrief(message: string): string {
  if (message.length <= longest) return message;
  const half = longest >> 1;
  return `${message.slice(0, half).trimEnd()} … ${message.slice(-half).trimStart()}`;
}
