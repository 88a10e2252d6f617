/** What must not be missed: an alarm, why a run failed, or why a change was refused; with what can be done about it. */
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { wayOn } from '../../src/protocol/fallback';
import type { FromPanel } from '../../src/protocol/panel';
import { fixOf, messageOf, snapshotOf } from '../../src/protocol/alarmFix';
import { isOver } from '../../src/protocol/runState';
import type { Component } from '../component';
import { element, setAttribute, setText } from '../dom';
import type { View } from '../store';
import type { Post } from '../vscodeApi';
import { isGrave, standingAlarm, titleOf } from './alarmNotice';

interface Notice {
  readonly kind: 'error' | 'warning';
  readonly title: string;
  readonly message: string;
  /** Set where the notice can be dismissed: which one it is. */
  readonly sequence?: number;
  readonly ways?: readonly Way[];
}

/** A button of the banner. */
interface Way {
  readonly action: string;
  readonly text: string;
  readonly help?: string;
  readonly post: FromPanel;
}

const interrupted = 'Its process is gone and never said that it had finished. Everything it recorded is here.';

export function createBanner(post: Post): Component {
  const [title, message] = [element('strong'), element('span')];
  const dismiss = element('button', { class: 'quiet', type: 'button', 'data-action': 'dismiss' }, 'Dismiss');
  const ways = element('div', { class: 'ways' });
  const banner = element('div', { class: 'banner', hidden: true }, element('p', {}, title, message), ways, dismiss);
  // The region is there before its content comes: screen readers announce only what changes within one.
  const region = element('div', { role: 'alert' }, banner);
  let dismissed: number | undefined;
  let shown: Notice | undefined;
  let buttons = '';
  dismiss.addEventListener('click', () => {
    dismissed = shown?.sequence;
    banner.hidden = true;
  });
  return {
    element: region,
    render: view => {
      shown = noticeOf(view);
      banner.hidden = shown === undefined || (shown.sequence !== undefined && shown.sequence === dismissed);
      if (shown === undefined) return;
      setAttribute(banner, 'data-kind', shown.kind);
      setText(title, shown.title);
      setText(message, shown.message);
      dismiss.hidden = shown.sequence === undefined;
      const wanted = JSON.stringify(shown.ways ?? []);
      // Built anew only where they are others: a button must not lose the focus.
      if (wanted !== buttons) ways.replaceChildren(...(shown.ways ?? []).map((way, place) => buttonOf(way, place, post)));
      buttons = wanted;
    },
  };
}

function buttonOf({ action, text, help, post: message }: Way, place: number, post: Post): HTMLElement {
  const button = element('vscode-button', { 'data-action': action, secondary: place > 0, title: help }, text);
  button.addEventListener('click', () => post(message));
  return button;
}

function noticeOf(view: View): Notice | undefined {
  const { state: { status, message, rejected, changes, checkpoint, finished } } = view;
  const refused = rejected === undefined || isOver(status) || changes.some(({ sequence }) => sequence > rejected.sequence) ? undefined
    : { kind: 'warning', title: 'The change was refused.', message: rejected.message, sequence: rejected.sequence } as const;
  const alarm = alarmNotice(view);
  if (alarm !== undefined) return refused !== undefined && refused.sequence > (alarm.sequence ?? Infinity) ? refused : alarm;
  if (status === 'failed') {
    const backend = finished?.fallback;
    return { kind: 'error', title: 'The run failed.', message: message ?? 'Its process gave no reason.', ...(backend === undefined ? {} : { ways: [onward(checkpoint, backend)] }) };
  }
  if (status === 'interrupted') return { kind: 'warning', title: 'The run was interrupted.', message: message ?? interrupted };
  return refused;
}

function alarmNotice({ state }: View): Notice | undefined {
  const alarm = standingAlarm(state);
  if (alarm === undefined) return undefined;
  const { action, sequence } = alarm;
  const fix = fixOf(state, alarm);
  const snapshot = snapshotOf(alarm, state.snapshots);
  const backend = state.finished?.fallback;
  const ways: Way[] = [
    ...(fix === undefined ? [] : [{ action: 'fix', text: 'Apply fix', help: fix.words, post: { type: 'applyFix', sequence } as const }]),
    ...(action === 'paused' ? [{ action: 'resume-alarm', text: 'Resume', help: 'Go on as it is', post: { type: 'resume' } as const }, { action: 'stop-alarm', text: 'Stop', post: { type: 'stop' } as const }] : []),
    ...(action === 'stopped' && backend !== undefined ? [onward(state.checkpoint, backend)] : []),
    ...(snapshot === undefined ? [] : [{ action: 'snapshot', text: 'Show snapshot', help: `What lived at the peak of step ${snapshot.step}`, post: { type: 'openSnapshot', file: snapshot.file } as const }]),
    ...(alarm.checkpoint === undefined ? [] : [{ action: 'checkpoint', text: 'Show checkpoint', help: alarm.checkpoint, post: { type: 'revealDirectory' } as const }]),
  ];
  return { kind: isGrave(alarm) || action === 'stopped' ? 'error' : 'warning', title: titleOf(alarm), message: messageOf(state, alarm), ways, ...(action === 'noted' ? { sequence } : {}) };
}

function onward(checkpoint: unknown, backend: string): Way {
  return { action: 'fallback', text: wayOn({ checkpoint }, backend), post: { type: checkpoint === undefined ? 'restart' : 'restore', backend } };
}
