/** The audit trail: every change that took effect, what it did to the optimizer's bytes, and a way back. */
import { formatByteChange, formatBytes, formatCount } from '../src/protocol/format';
import type { AppliedEvent, Forecast } from '../src/protocol/runEvents';
import { isOver } from '../src/protocol/runState';
import { outcomeOf, type Outcome } from '../src/protocol/stretches';
import type { KnobName } from '../src/settings/knobs';
import type { Component } from './component';
import { element, setAttribute, setText } from './dom';
import { formatSetting } from './format';
import { knobWord } from './labels';
import { forecastWords } from './planning/forecastWords';
import type { View } from './store';
import type { Post } from './vscodeApi';

const columns = ['Step', 'Change', 'State', ''];

export function createChanges(post: Post): Component {
  const rows = new Map<number, ReturnType<typeof changeRow>>();
  const body = element('tbody');
  const head = element('tr', {}, ...columns.map(column => column === '' ? element('td') : element('th', { scope: 'col' }, column)));
  const caption = element('caption', { class: 'unseen' }, 'Changes, latest first');
  const table = element('table', { class: 'figures changes' }, caption, element('thead', {}, head), body);
  const empty = element('p', { class: 'empty-line' });
  return {
    element: element('section', { 'aria-label': 'Changes' }, element('h2', {}, 'Changes'), empty, table),
    render: view => {
      const { changes, status } = view.state;
      table.hidden = changes.length === 0;
      empty.hidden = !table.hidden;
      setText(empty, isOver(status) ? 'Nothing was changed during this run.' : 'No changes yet. Turn a knob: what it did is listed here and can be undone.');
      for (const [sequence, row] of rows) {
        // A run that went on from a checkpoint took back what was changed after it; the same number may come again.
        if (changes.some(change => change.sequence === sequence)) continue;
        row.element.remove();
        rows.delete(sequence);
      }
      for (const change of changes) {
        if (rows.has(change.sequence)) continue;
        const row = changeRow(change, post);
        rows.set(change.sequence, row);
        body.prepend(row.element);
      }
      for (const [index, change] of changes.entries()) {
        rows.get(change.sequence)?.mark(undoneBy(change, view), !isOver(status), view.state.rejected?.sequence);
        rows.get(change.sequence)?.tell(outcomeWords(change.forecast, outcomeOf(view.state.stretches, index)));
      }
    },
  };
}

/** `forecast peak −12.3 MiB, step −3 % · measured peak −12.3 MiB, step −2 %`; empty until there is one of them. */
export function outcomeWords(forecast: Forecast | undefined, outcome: Outcome | undefined): string {
  const parts = [['forecast', forecast], ['measured', outcome]] as const;
  return parts.flatMap(([name, figures]) => {
    const words = figures === undefined ? [] : forecastWords(figures, outcome?.stepMsBefore);
    return words.length === 0 ? [] : [`${name} ${words.join(', ')}`];
  }).join(' · ');
}

/** The revision that undid this change. */
function undoneBy({ revision }: AppliedEvent, { state: { changes } }: View): number | undefined {
  return changes.find(({ undoes }) => undoes === revision)?.revision;
}

function changeRow(change: AppliedEvent, post: Post) {
  const what = Object.keys(change.to).map(name => describe(name as KnobName, change));
  const tag = element('span', { class: 'tag' });
  const undo = undoButton(change.revision, post);
  const delta = change.stateBytesAfter - change.stateBytesBefore;
  const bytes = `${formatBytes(change.stateBytesBefore)} before, ${formatBytes(change.stateBytesAfter)} after`;
  const outcome = element('div', { class: 'outcome' });
  const row = element('tr', { 'data-change': change.revision },
    element('th', { scope: 'row' }, formatCount(change.step)),
    element('td', {}, element('span', { class: 'number' }, `#${change.revision}`), ...what, tag, outcome),
    element('td', { title: bytes, 'data-value': delta }, formatByteChange(delta)),
    element('td', {}, undo.element));
  return {
    element: row,
    tell: (words: string) => {
      outcome.hidden = words === '';
      setText(outcome, words);
    },
    mark: (undone: number | undefined, goesOn: boolean, latestRefusal: number | undefined) => {
      setAttribute(row, 'class', undone === undefined ? undefined : 'undone');
      setText(tag, undone !== undefined ? 'undone' : change.undoes !== undefined ? 'an undo' : '');
      undo.element.hidden = undone !== undefined || !goesOn;
      undo.heed(latestRefusal);
    },
  };
}

/** Works once; a refusal after the click makes it work again. */
function undoButton(revision: number, post: Post) {
  const button = element('button', { class: 'quiet', type: 'button', 'data-action': 'undo', 'data-revision': revision }, 'Undo');
  setAttribute(button, 'aria-label', `Undo change ${revision}`);
  let refusal: number | undefined;
  button.addEventListener('click', () => {
    button.disabled = true;
    post({ type: 'undo', revision });
  });
  return {
    element: button,
    heed: (latestRefusal: number | undefined) => {
      if (latestRefusal !== refusal) button.disabled = false;
      refusal = latestRefusal;
    },
  };
}

/** `density 1 % → 0.25 %` */
function describe(name: KnobName, { from, to }: AppliedEvent): HTMLElement {
  const values = `${formatSetting(name, from[name])} → ${formatSetting(name, to[name])}`;
  return element('span', { class: 'change' }, `${knobWord(name)} `, element('span', { class: 'values' }, values));
}
