/** The recorded steps of the run: takes another one, lists those that there are, opens them. */
import { formatBytes, formatCount } from '../../src/protocol/format';
import type { SnapshotEvent } from '../../src/protocol/runEvents';
import { isOver } from '../../src/protocol/runState';
import type { Component } from '../component';
import { element, setText } from '../dom';
import { formatExactBytes } from '../format';
import type { Post } from '../vscodeApi';

const reasons: Readonly<Record<SnapshotEvent['reason'], string>> = { asked: 'asked for', peak: 'new peak' };

export function createSnapshotsSection(post: Post): Component {
  const take = element('button', { class: 'quiet', type: 'button', 'data-action': 'capture', title: 'Record every allocation and release of the next step, and show what lives at its peak' }, 'Take snapshot');
  const body = element('tbody');
  const head = element('tr', {}, ...['Step', 'Peak', 'Why'].map(column => element('th', { scope: 'col' }, column)), element('td'));
  const table = element('table', { class: 'figures snapshots' }, element('caption', { class: 'unseen' }, 'Recorded steps, latest first'), element('thead', {}, head), body);
  const empty = element('p', { class: 'empty-line' });
  let shown: readonly SnapshotEvent[] = [];
  take.addEventListener('click', () => post({ type: 'capture' }));
  return {
    element: element('section', { 'aria-label': 'Step snapshots' }, element('header', {}, element('h2', {}, 'Step snapshots'), take), empty, table),
    render: ({ state: { snapshots, status } }) => {
      take.hidden = isOver(status);
      table.hidden = snapshots.length === 0;
      empty.hidden = !table.hidden;
      setText(empty, isOver(status) ? 'No step of this run was recorded.' : 'None yet. One shows every buffer of a step: what lives at the peak, and which line made it.');
      if (snapshots.length === shown.length && snapshots.every((snapshot, at) => snapshot.sequence === shown[at]?.sequence)) return;
      shown = [...snapshots];
      body.replaceChildren(...shown.toReversed().map(snapshot => row(snapshot, post)));
    },
  };
}

function row({ step, peakBytes, reason, file }: SnapshotEvent, post: Post): HTMLElement {
  const open = element('button', { class: 'quiet', type: 'button', 'data-action': 'openSnapshot', 'data-file': file, 'aria-label': `Open the snapshot of step ${formatCount(step)}` }, 'Open');
  open.addEventListener('click', () => post({ type: 'openSnapshot', file }));
  return element('tr', {}, element('th', { scope: 'row' }, formatCount(step)), element('td', { title: formatExactBytes(peakBytes), 'data-value': peakBytes }, formatBytes(peakBytes)), element('td', {}, reasons[reason]), element('td', {}, open));
}
