/** Makes a point of a plan real: as a change where all its settings can change now, else as a new run, which is said and asked for first. */
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { Plan, PlanPoint } from '../../src/protocol/plan';
import { pointForecast } from '../../src/protocol/pointForecast';
import { isOver, type RunState } from '../../src/protocol/runState';
import { isLive, type KnobName } from '../../src/settings/knobs';
import { element, setText } from '../dom';
import { knobWord } from '../labels';
import type { Post } from '../vscodeApi';

export interface ApplyPoint {
  readonly element: HTMLElement;
  apply(point: PlanPoint, plan: Plan, state: RunState): void;
  /** Asks no longer. */
  hide(): void;
}

/** `applied` is called with a point that was sent as a change. */
export function createApplyPoint(post: Post, applied: (point: PlanPoint) => void): ApplyPoint {
  const words = element('p');
  const go = element('vscode-button', { 'data-action': 'newRun' }, 'Start new run');
  const not = element('button', { class: 'quiet', type: 'button', 'data-action': 'notNow' }, 'Not now');
  const question = element('div', { class: 'question', role: 'group', 'aria-label': 'Start a new run?', hidden: true }, words, go, not);
  let asked: PlanPoint | undefined;
  const hide = () => {
    asked = undefined;
    question.hidden = true;
  };
  not.addEventListener('click', hide);
  go.addEventListener('click', () => {
    if (asked !== undefined) post({ type: 'restart', settings: { ...asked.changes } });
    hide();
  });
  return {
    element: question, hide,
    apply: (point, plan, state) => {
      const fixed = fixedIn(point);
      if (fixed.length === 0 && isTurnable(state)) {
        hide();
        post({ type: 'change', settings: { ...point.changes }, forecast: pointForecast(point, plan, state.stretches.at(-1)) });
        applied(point);
        return;
      }
      asked = point;
      setText(words, `${whyNew(fixed, state)} a new run with ${point.words}. What was predicted stands beside what is measured there.`);
      question.hidden = false;
      go.focus();
    },
  };
}

export function fixedIn({ changes }: PlanPoint): readonly KnobName[] {
  return (Object.keys(changes) as KnobName[]).filter(name => !isLive(name));
}

function isTurnable({ status }: RunState): boolean {
  return status === 'running' || status === 'paused';
}

function whyNew(fixed: readonly KnobName[], { status }: RunState): string {
  if (isOver(status)) return 'This run is over. Start';
  const names = fixed.map(knobWord).join(' and ');
  return fixed.length === 0 ? 'This run takes no changes now. End it and start' : `The ${names} of a run cannot change while it goes on. End this run and start`;
}
