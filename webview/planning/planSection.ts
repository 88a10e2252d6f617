/** Suggestions: what would save the most, with a button; the combinations that no other beats; the largest batch that fits. */
import { countedBytes } from '../../src/protocol/countedBytes';
import { formatMegabytes, formatCount } from '../../src/protocol/format';
import type { Plan, PlanPoint } from '../../src/protocol/plan';
import type { Pictures } from '../component';
import { element, setText } from '../dom';
import { knobWord } from '../labels';
import type { View } from '../store';
import type { Palette } from '../theme';
import type { Post } from '../vscodeApi';
import { createApplyPoint } from './applyPoint';
import { createFrontChart } from './frontChart';
import type { PlanClient } from './planClient';
import { createPlanForm } from './planForm';
import { createPointTable } from './pointTable';
import { verificationWords, type Applied } from './verification';

export function createPlanSection(post: Post, plans: PlanClient, palette: Palette): Pictures {
  let [view, shown, applied]: [View | undefined, Shown | undefined, Applied | undefined] = [undefined, undefined, undefined];
  const question = createApplyPoint(post, point => {
    if (shown === undefined || view === undefined) return;
    applied = { point, plan: shown.plan, changes: view.state.changes.length };
    whole.render(view);
  });
  const apply = (point: PlanPoint) => { if (shown !== undefined && view !== undefined) question.apply(point, shown.plan, view.state); };
  const form = createPlanForm(limits => { if (view !== undefined) plans.ask(limits, settingsOf(view)); }, () => plans.cancel());
  const suggestions = createPointTable('suggestions', 'One change each, what saves most first', apply);
  const front = createPointTable('front', 'Combinations that no other beats in bytes, time and risk together', apply);
  const picture = createFrontChart(palette, { chosen: point => front.select(point), save: made => post({ type: 'savePicture', chart: 'plan', ...made }) });
  const [status, verified, assumptions] = [element('p', { class: 'remark', role: 'status' }), element('p', { class: 'verified', role: 'status' }), element('ul', { class: 'assumptions' })];
  const bar = element('progress', { 'aria-label': 'Planning', hidden: true });
  const batch = createBatch(apply);
  const more = element('details', { class: 'fold' }, element('summary', {}, 'What must hold for these figures'), assumptions);
  const results = element('div', { class: 'plan-results' },
    suggestions.element, element('div', { class: 'front-pair' }, picture.element, front.element), batch.element);
  const section = element('section', { class: 'plan', 'aria-label': 'Suggestions' }, element('h2', {}, 'Suggestions'), form.element, status, bar, question.element, verified);
  const showPlan = (plan: Plan, settings: string) => {
    shown = { plan, settings };
    question.hide();
    suggestions.show(plan.suggestions, plan);
    front.show(plan.front, plan);
    batch.show(plan);
    assumptions.replaceChildren(...plan.assumptions.map(words => element('li', {}, words)));
    if (plan.assumptions.length > 0) results.append(more);
    else more.remove();
    section.append(results);
    front.showBest();
  };
  const whole: Pictures = {
    element: section,
    render: next => {
      view = next;
      const { state } = plans;
      section.hidden = next.state.started === undefined;
      form.prefill(next.state.settings.memoryBudget);
      form.setBusy(state.kind === 'underWay');
      if (state.kind === 'plan' && state.plan !== shown?.plan) showPlan(state.plan, state.settings);
      const stale = shown !== undefined && shown.settings !== settingsOf(next);
      for (const part of [suggestions, front, batch]) part.setStale(stale);
      bar.hidden = state.kind !== 'underWay';
      if (state.kind === 'underWay') Object.assign(bar, { max: state.of, value: state.done });
      setText(status, wordsOf(plans, shown?.plan, stale));
      verified.hidden = applied === undefined;
      setText(verified, applied === undefined ? '' : verificationWords(applied, next.state));
    },
    pieces: () => [() => {
      if (shown === undefined || shown.isDrawn === true) return;
      shown.isDrawn = true;
      picture.show(shown.plan);
    }],
    recolor: next => picture.recolor(next),
    dispose: () => picture.dispose(),
  };
  return whole;
}

interface Shown {
  readonly plan: Plan;
  /** Those that it is a plan for. */
  readonly settings: string;
  isDrawn?: boolean;
}

/** As text, to tell whether a plan is still one for them. */
function settingsOf({ state }: View): string {
  return JSON.stringify(state.settings);
}

function wordsOf({ state }: PlanClient, plan: Plan | undefined, stale: boolean): string {
  const before = plan === undefined ? '' : ' Below is what was found before.';
  if (state.kind === 'underWay') return state.done === 0 ? `${state.what} …` : `${state.what} (${formatCount(state.done)} of ${formatCount(state.of)})`;
  if (state.kind === 'refused') return `No plan: ${state.message}${before}`;
  if (state.kind === 'cancelled') return `Cancelled. Find savings starts again.${before}`;
  if (plan === undefined) return 'What would save the most, at what price, and which combination fits a budget.';
  return stale ? 'The settings have changed since. Find savings again to apply more.' : found(plan);
}

/** What was found, and what else could be tried where that is nothing. */
function found(plan: Plan): string {
  const bytes = (point: PlanPoint) => countedBytes(point, plan);
  const given = `${formatMegabytes(bytes(plan.given))} as it is; ${formatCount(plan.weighed)} combinations weighed.`;
  const least = Math.min(...[plan.given, ...plan.front].map(bytes));
  if (plan.budgetBytes !== undefined && plan.chosen === undefined) {
    return `Nothing fits ${formatMegabytes(plan.budgetBytes)}: the least is ${formatMegabytes(least)}. Raise the budget, allow a longer step, or more that may change. ${given}`;
  }
  return plan.suggestions.length > 0 || least < bytes(plan.given) ? given : `Nothing saves more within these limits. Allow a longer step, or more that may change. ${given}`;
}

/** The largest batch that fits, as one line with Apply. */
function createBatch(apply: (point: PlanPoint) => void) {
  const words = element('span');
  const button = element('button', { class: 'quiet', type: 'button', 'data-action': 'applyBatch' }, 'Apply');
  const line = element('p', { class: 'largest', hidden: true }, words, ' ', button);
  let point: PlanPoint | undefined;
  button.addEventListener('click', () => { if (point !== undefined) apply(point); });
  return {
    element: line,
    show: (plan: Plan) => {
      const { largestBatch, given } = plan;
      line.hidden = largestBatch === undefined;
      if (largestBatch === undefined) return;
      const { batchSize, unit, peakBytes, storedBytes } = largestBatch;
      const bytes = { peakBytes, storedBytes };
      point = { ...given, ...bytes, changes: { [unit]: batchSize }, words: `${knobWord(unit)} ${batchSize}`, risk: 'statistics' };
      setText(words, `Largest batch that fits with the settings as they are: ${formatCount(batchSize)} ${unit === 'batchTokens' ? 'tokens' : batchSize === 1 ? 'example' : 'examples'}, ${formatMegabytes(countedBytes(bytes, plan))}.`);
    },
    setStale: (stale: boolean) => { button.disabled = stale; },
  };
}
