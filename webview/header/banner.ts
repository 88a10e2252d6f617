/** One line that must not be missed: why a run failed, or why a change was refused. */
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { wayOn } from '../../src/protocol/fallback';
import { isOver } from '../../src/protocol/runState';
import type { Component } from '../component';
import { element, setAttribute, setText } from '../dom';
import type { View } from '../store';
import type { Post } from '../vscodeApi';

interface Notice {
  readonly kind: 'error' | 'warning';
  readonly title: string;
  readonly message: string;
  /** Set where the notice can be dismissed: which one it is. */
  readonly sequence?: number;
  /** Set where there is a way on: the backend to go on with, and what the button says. */
  readonly wayOn?: { readonly type: 'restart' | 'restore'; readonly backend: string; readonly text: string };
}

const interrupted = 'Its process is gone and never said that it had finished. Everything it recorded is here.';

export function createBanner(post: Post): Component {
  const [title, message] = [element('strong'), element('span')];
  const dismiss = element('button', { class: 'quiet', type: 'button', 'data-action': 'dismiss' }, 'Dismiss');
  const onward = element('vscode-button', { 'data-action': 'fallback' });
  const banner = element('div', { class: 'banner', hidden: true }, element('p', {}, title, message), onward, dismiss);
  // The region is there before its content comes: screen readers announce only what changes within one.
  const region = element('div', { role: 'alert' }, banner);
  let dismissed: number | undefined;
  let shown: Notice | undefined;
  dismiss.addEventListener('click', () => {
    dismissed = shown?.sequence;
    banner.hidden = true;
  });
  onward.addEventListener('click', () => {
    if (shown?.wayOn !== undefined) post({ type: shown.wayOn.type, backend: shown.wayOn.backend });
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
      onward.hidden = shown.wayOn === undefined;
      setText(onward, shown.wayOn?.text ?? '');
    },
  };
}

function noticeOf({ state: { status, message, rejected, changes, checkpoint, finished } }: View): Notice | undefined {
  if (status === 'failed') {
    const backend = finished?.fallback;
    const onward = backend === undefined ? {} : { wayOn: { type: checkpoint === undefined ? 'restart' : 'restore', backend, text: wayOn({ checkpoint }, backend) } as const };
    return { kind: 'error', title: 'The run failed.', message: message ?? 'Its process gave no reason.', ...onward };
  }
  if (status === 'interrupted') return { kind: 'warning', title: 'The run was interrupted.', message: message ?? interrupted };
  if (rejected === undefined || isOver(status) || changes.some(({ sequence }) => sequence > rejected.sequence)) return undefined;
  return { kind: 'warning', title: 'The change was refused.', message: rejected.message, sequence: rejected.sequence };
}
